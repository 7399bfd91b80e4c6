"""The operating system, who calls, the interpreter, the clock, and what archives can be read."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec

from smena import clock, store
from smena.errors import NotOnThisPlatform, ProgramMissing, ProgramTooSlow
from smena.host import owners, process
from smena.host.native import commands, rights
from smena.service import fitness
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import _, plain

_MADE = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that shows less can be right: this smena was made later."""
_SQLITE = (3, 31)
_COMPRESSIONS = {"gz": "zlib", "xz": "lzma", "zst": "zstandard", "zip": "zipfile"}


def operating_system(scene: Scene) -> Iterator[Finding]:
    found, what = scene.system, _("operating system")
    shown = f"{found.name or found.platform} {found.version}".strip()
    if found.family:
        yield ok("system", what, _("{system}, of the family {family}", system=shown, family=found.family))
        return
    yield missing(
        "system",
        what,
        _("{system}: none of the families that smena knows (debian, rpm, alt)", system=shown),
        _("give what differs between families when adding: --path NAME=PATH"),
    )


def privileges(scene: Scene) -> Iterator[Finding]:
    what, user = _("privileges"), owners.me()
    if scene.root:
        yield ok("privileges", what, _("{user} may do everything on this host", user=user))
        return
    said = _("{user} may not change files, services and sites of others", user=user)
    hint = scene.everything_hint
    if rights.NEEDED or any(instance.driver == "systemd" for instance in scene.instances):
        yield wrong("privileges", what, said, hint)
    else:
        yield missing("privileges", what, said, hint)


def interpreter(scene: Scene) -> Iterator[Finding]:
    del scene
    sqlite = store.library()
    shown = _("Python {python}, SQLite {sqlite}", python=platform.python_version(), sqlite=".".join(map(str, sqlite)))
    try:
        fitness.refuse_interpreter()
    except NotOnThisPlatform as error:
        yield told("interpreter", _("interpreter"), error)
        return
    if sqlite < _SQLITE:
        hint = _("use a Python with SQLite {wanted} or newer", wanted=".".join(map(str, _SQLITE)))
        yield wrong("interpreter", _("interpreter"), shown, hint)
    else:
        yield ok("interpreter", _("interpreter"), shown)


def archives(scene: Scene) -> Iterator[Finding]:
    """A Python that was built without a library lacks the compression of that library."""
    there = [name for name, module in _COMPRESSIONS.items() if find_spec(module) is not None]
    lacking = [name for name in _COMPRESSIONS if name not in there]
    what = _("archive formats")
    if not lacking:
        yield ok("archives", what, plain(", ".join(["tar", *there])))
        return
    hint = scene.getting({"debian": "python3-full", "rpm": "python3-libs", "alt": "python3-modules-sqlite3"})
    yield wrong("archives", what, _("cannot be read here: {names}", names=", ".join(lacking)), hint)


def the_clock(scene: Scene) -> Iterator[Finding]:
    """Journals, copies and sites go by it. One that is ahead of what was written is only seen from here."""
    now, what = clock.now(), _("clock")
    hint = plain(commands.RIGHT_CLOCK)
    newest = max((view.run.created for view in scene.runs.views), default="")
    if now < _MADE:
        yield wrong("clock", what, _("it says {now}, which cannot be", now=now.isoformat(timespec="seconds")), hint)
    elif newest > clock.stamp():
        yield wrong("clock", what, _("it was set back: a run was made at {time}", time=newest), hint)
    elif scene.systemd and _synchronised() is False:
        yield missing("clock", what, _("nothing keeps it right"), hint)
    else:
        yield ok("clock", what, plain(now.isoformat(timespec="seconds")))


def _synchronised() -> bool | None:
    """None where nobody can tell."""
    words = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
    try:
        told = process.run(process.Command(words, process.environment(), limit=5.0)).out.strip()
    except (ProgramMissing, ProgramTooSlow):
        return None
    return {"yes": True, "no": False}.get(told)
