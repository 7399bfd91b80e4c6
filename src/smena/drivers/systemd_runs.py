"""Runs as units of their own, and the unit that takes interrupted ones up at boot.

A child of whoever asks for a run would die with its unit (a console's, a login's); `systemd-run` makes it nobody's
child. The unit for the boot is ordered before the managed units and keeps none of them from starting: what
must not start is held (`systemd_hold`). It only starts the runs again and ends, because a run itself waits for the
units that wait for it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from smena.drivers.systemd_units import SYSTEM, is_masked, quoted, specified, systemctl, unit_name
from smena.errors import ProgramFailed
from smena.host import files, process
from smena.host.facts.init import init_system
from smena.host.native import attributes, rights
from smena.host.paths import encode

USUAL_HOME = Path("/var/lib/smena")
ResumeState = Literal["missing", "disabled", "old", "masked", "current"]

_CARRIED = ("HOME", "LANG", "LANGUAGE", "LC_ALL", "PATH", "PYTHONPATH", "TMPDIR", "TZ")
_OURS = ("SMENA_FAULT", "SMENA_FAULT_LOG", "SMENA_HOME", "SMENA_LANG")
_STOP = 120
_RESUME = """# Made by smena: upgrades that a crash interrupted go on at boot, before the product's own units start.
[Unit]
Description=Take up interrupted upgrades (smena)
RequiresMountsFor="{home}"
After=local-fs.target
{before}
[Service]
Type=oneshot
ExecStart={command}
{environment}
TimeoutStartSec=60

[Install]
WantedBy=multi-user.target
"""


def available() -> bool:
    """systemd is process 1, and we may tell it what to do."""
    return init_system().value == "systemd" and rights.everything()


def start(name: str, args: Sequence[str], folder: Path, log: Path, *, keep_children: bool) -> None:
    """Start a program as the unit `name`; if it runs already, that is the one. Its last output is added to `log`.

    `keep_children`: services that it starts as processes of their own go on when it ends.
    """
    unit = unit_name(name)
    settings = [
        "--service-type=exec",
        f"--working-directory={encode(folder)}",
        f"--property=StandardOutput=append:{encode(log)}",
        f"--property=StandardError=append:{encode(log)}",
        f"--property=KillMode={'process' if keep_children else 'control-group'}",
        f"--property=TimeoutStopSec={_STOP}",
        *(f"--setenv={variable}={value}" for variable, value in environment(os.environ).items()),
    ]
    words = ("systemd-run", f"--unit={unit}", "--collect", "--quiet", "--no-ask-password", *settings, "--", *args)
    try:
        process.checked(process.Command(words, process.environment()))
    except ProgramFailed:
        if not running(unit):
            raise


def running(name: str) -> bool:
    return systemctl("is-active", "--quiet", "--", unit_name(name), good=(0, 1, 3, 4)).status == 0


def environment(outer: Mapping[str, str]) -> dict[str, str]:
    """What a run gets of its caller's variables: anybody can read a unit's, so nothing that may be a secret."""
    kept = {name: value for name, value in outer.items() if name in _CARRIED + _OURS}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}


def resume_unit(home: Path) -> str:
    """Each home has its own; the usual one's has the plain name."""
    if home == USUAL_HOME:
        return "smena-resume.service"
    return f"smena-resume-{hashlib.blake2b(os.fsencode(home), digest_size=4).hexdigest()}.service"


def resume_text(home: Path, args: Sequence[str], before: Iterable[str]) -> str:
    """The unit that runs `args` at boot before these units."""
    carried = {name: value for name, value in environment(os.environ).items() if name.startswith(("PATH", "PYTHON"))}
    ordered = [f"Before={unit_name(name)}\n" for name in sorted(set(before))]
    return _RESUME.format(
        home=specified(home),
        before="".join(ordered),
        command=" ".join(quoted(word) for word in args),
        environment="\n".join(f"Environment={quoted(f'{name}={value}')}" for name, value in sorted(carried.items())),
    )


def resume_state(home: Path, args: Sequence[str], before: Iterable[str], system: Path = SYSTEM) -> ResumeState:
    """How the unit for the boot is; nothing is changed by asking."""
    name, content = resume_unit(home), resume_text(home, args, before).encode()
    path, wanted = system / name, system / "multi-user.target.wants" / name
    if is_masked(path):
        return "masked"
    if not path.exists():
        return "missing"
    there = path.read_bytes()
    if _meant(there) != _meant(content) or not _precedes(content) <= _precedes(there):
        return "old"
    return "current" if wanted.is_symlink() else "disabled"


def _meant(content: bytes) -> list[bytes]:
    """Without the variables, which differ from caller to caller and do no harm."""
    return [line for line in content.splitlines() if line and not line.startswith((b"Environment=", b"Before="))]


def _precedes(content: bytes) -> set[bytes]:
    """To precede one that is gone since harms nobody."""
    return {line for line in content.splitlines() if line.startswith(b"Before=")}


def install_resume(home: Path, args: Sequence[str], before: Iterable[str], system: Path = SYSTEM) -> bool:
    """Write it and enable it, unless it is so already; whether anything had to be done."""
    known = list(before)
    name, content = resume_unit(home), resume_text(home, args, known).encode()
    path = system / name
    if resume_state(home, args, known, system) == "current" and path.read_bytes() == content:
        return False
    files.write_file(path, content, attributes.own(0o644))
    systemctl("enable", "--quiet", "--", name)  # reads all units anew too
    return True
