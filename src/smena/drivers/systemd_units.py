"""What is common to all that talk to systemd: units by name, their files, and questions to `systemctl`.

Programs are called with argument lists, in the C locale and in UTC, so that their words can be read back.
"""

from __future__ import annotations

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
_KINDS = (".service", ".socket", ".target", ".timer", ".path", ".mount")


def unit_name(name: str) -> str:
    """With its ending, as systemd knows it."""
    if not _NAME.fullmatch(name) or name.startswith("."):
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


def systemctl(*words: str, limit: float = 60.0, good: Sequence[int] = (0,)) -> process.Outcome:
    return process.checked(command(*words, limit=limit), good)


def command(*words: str, limit: float = 60.0) -> process.Command:
    return process.Command(
        ("systemctl", "--no-pager", "--no-ask-password", *words), process.environment(TZ="UTC"), limit=limit
    )


def properties(unit: str, *names: str) -> dict[str, str]:
    """What systemd says of a unit now; what it does not know of is empty."""
    return properties_of([unit], *names)[0]


def properties_of(units: Sequence[str], *names: str) -> list[dict[str, str]]:
    """The same of many units, in their order: one question costs as much as a hundred."""
    found: list[dict[str, str]] = []
    for start in range(0, len(units), _AT_ONCE):
        piece = units[start : start + _AT_ONCE]
        told = systemctl("show", f"--property={','.join(('Id', *names))}", "--", *piece).out
        parts = re.split(r"\n\n(?=Id=)", told) if len(piece) > 1 else [told]
        blocks = [_shown(part, names) for part in parts]
        if len(blocks) != len(piece):
            raise ProgramFailed(
                _("systemctl told of {count} units, not of {wanted}", count=len(blocks), wanted=len(piece))
            )
        found += blocks
    return found


def _shown(block: str, names: Sequence[str]) -> dict[str, str]:
    found = dict.fromkeys(names, "")
    for line in block.splitlines():
        name, equals, value = line.partition("=")
        if equals and name in found:
            found[name] = value
    return found


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
