"""What is common to all that talk to systemd: units by name, their files, and questions to `systemctl`.

Programs are called with argument lists, in the C locale and in UTC, so that their words can be read back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from smena.errors import NotOnThisPlatform, ProgramFailed, ServiceUnfit, ServiceUnknown
from smena.host import process
from smena.host.paths import encode
from smena.text import _, plain

SYSTEM = Path("/etc/systemd/system")
"""Where the administrator's units and drop-ins lie, and ours."""
FOLDERS = (
    SYSTEM,
    Path("/run/systemd/system"),
    Path("/run/systemd/generator"),
    Path("/usr/local/lib/systemd/system"),
    Path("/usr/lib/systemd/system"),
    Path("/lib/systemd/system"),
    Path("/run/systemd/generator.late"),
)
HOLD = "50-smena-hold.conf"
"""The drop-in that holds a unit; see `systemd_hold`."""

_NAME = re.compile(r"[A-Za-z0-9:_.\\][A-Za-z0-9:_.\\@-]*")
_AT_ONCE = 500  # names on one command line
_USER = re.compile(r"^User=[ \t]*(\S*)", re.MULTILINE)
_KINDS = (".service", ".socket", ".target", ".timer", ".path", ".mount")


def fits(name: str) -> bool:
    """Whether it can be a unit's name."""
    return _NAME.fullmatch(name) is not None and not name.startswith(".")


def unit_name(name: str) -> str:
    """With its ending, as systemd knows it."""
    if not fits(name):
        raise ServiceUnknown(_("{service} is no name for a systemd unit", service=name))
    return name if name.endswith(_KINDS) else f"{name}.service"


def unit_file(name: str, folders: Sequence[Path] = FOLDERS) -> Path | None:
    """The unit's file, looked for where systemd does; much quicker than asking it. A masked unit has one too."""
    unit = unit_name(name)
    template = re.sub(r"@.+(?=\.)", "@", unit)
    for folder in folders:
        for wanted in dict.fromkeys((unit, template)):
            found = folder / wanted
            if found.is_symlink() or found.exists():
                return found
    return None


def user_of(unit: str, file: Path) -> str | None:
    """The account that the unit's file and its drop-ins name; read there, because asking for many takes seconds."""
    folders = [folder / f"{unit}.d" for folder in reversed(FOLDERS)]
    drop_ins = [path for folder in folders if folder.is_dir() for path in sorted(folder.glob("*.conf"))]
    named = [found for path in (file, *drop_ins) for found in _USER.findall(path.read_text("utf-8", "replace"))]
    return named[-1] if named else None


def systemctl(*words: str, limit: float = 60.0, good: Sequence[int] = (0,)) -> process.Outcome:
    return process.checked(command(*words, limit=limit), good)


def command(*words: str, limit: float = 60.0) -> process.Command:
    return process.Command(
        ("systemctl", "--no-pager", "--no-ask-password", *words), process.environment(TZ="UTC"), limit=limit
    )


def properties(unit: str, *names: str) -> dict[str, str]:
    """What systemd says of a unit now; what it does not know of is empty."""
    return _shown(systemctl("show", f"--property={','.join(names)}", "--", unit).out, names)


def properties_of(units: Sequence[str], *names: str) -> list[dict[str, str]]:
    """The same of a few units, in their order and with one question; of hundreds ask `listed_units`."""
    if not units:
        return []
    told = systemctl("show", f"--property={','.join(('Id', *names))}", "--", *units).out
    blocks = told.strip("\n").split("\n\n") if len(units) > 1 else [told]
    if len(blocks) != len(units):
        raise ProgramFailed(_("systemctl told of {count} units, not of {wanted}", count=len(blocks), wanted=len(units)))
    return [_shown(block, names) for block in blocks]


def _shown(block: str, names: Sequence[str]) -> dict[str, str]:
    found = dict.fromkeys(names, "")
    for line in block.splitlines():
        name, equals, value = line.partition("=")
        if equals and name in found:
            found[name] = value
    return found


def listed_units(units: Sequence[str]) -> dict[str, dict[str, str]]:
    """Those of them that systemd has in its memory, with their states: a hundred times quicker than to show each."""
    found = {}
    for start in range(0, len(units), _AT_ONCE):  # without names it would list everything
        for words in _listed("list-units", "--all", "--", *units[start : start + _AT_ONCE]):
            if len(words) >= 4:
                found[words[0]] = {"LoadState": words[1], "ActiveState": words[2], "SubState": words[3], "MainPID": ""}
    return found


def _listed(what: str, *words: str) -> list[list[str]]:
    told = systemctl(what, "--plain", "--no-legend", "--full", *words, good=(0, 1))
    return [line.split() for line in told.out.splitlines()]


def wanted_units(folders: Sequence[Path] = FOLDERS) -> frozenset[str]:
    """The units that others bring with them, so that a boot starts them; read from the links that say so."""
    links = (link for folder in folders for kind in ("wants", "requires") for link in folder.glob(f"*.{kind}/*"))
    return frozenset(link.name for link in links)


def is_masked(file: Path) -> bool:
    return file.is_symlink() and os.path.realpath(file) == os.devnull


def judge_loaded(unit: str, load: str) -> None:
    """Name what systemd has no use for: `load` is the unit's LoadState."""
    if load == "loaded":
        return
    if load == "not-found":
        raise ServiceUnknown(
            _("there is no unit {unit} on this host", unit=unit), hint=plain(f"systemctl list-unit-files {unit[:1]}*")
        )
    if load == "masked":
        raise ServiceUnfit(_("the unit {unit} is masked", unit=unit), hint=plain(f"systemctl unmask {unit}"))
    raise ServiceUnfit(
        _("systemd cannot use the unit {unit}: {state}", unit=unit, state=load), hint=plain(f"systemctl status {unit}")
    )


def files_of(unit: str) -> list[Path]:
    """The files that make the unit what it is, in the order in which they count; without our own."""
    return files_in(properties(unit, "FragmentPath", "DropInPaths"))


def files_in(shown: Mapping[str, str]) -> list[Path]:
    """The same, out of what systemd says of the unit."""
    paths = [Path(path) for path in (shown["FragmentPath"], *shown["DropInPaths"].split()) if path]
    return [path for path in paths if path.name != HOLD]


def specified(path: Path) -> str:
    """A path as a unit's file spells it: `%` begins a specifier there."""
    words = str(path)
    if not words.isprintable() or any(sign in words for sign in "\\\"'"):
        raise NotOnThisPlatform(_("systemd cannot be told the path {path}", path=encode(path)))
    return words.replace("%", "%%")


def quoted(word: str) -> str:
    """One word of a command line in a unit's file."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$") + '"'
