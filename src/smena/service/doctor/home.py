"""The home: a place that lasts, that is smena's alone, and whose files can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from smena import store
from smena.errors import SmenaError
from smena.host import trials
from smena.host.facts.disk import room
from smena.host.facts.mounts import above, mount_of
from smena.host.native import commands
from smena.host.paths import encode
from smena.instances import registry
from smena.journal import journal, schema
from smena.service import home_access, places
from smena.service.doctor.finding import Finding, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.text import Text, _, plain

_ENOUGH = 100 * 1024 * 1024
_OFF = 2.0
_SAFE = "smena --home FOLDER …"


def home(scene: Scene) -> Iterator[Finding]:
    what, path = _("home"), scene.home
    if not os.path.lexists(path):
        yield ok(
            "home", what, _("{path} is not there yet; the first command that needs it makes it", path=encode(path))
        )
        return
    if not path.is_dir():
        yield wrong("home", what, _("{path} is not a folder", path=encode(path)), _("give --home FOLDER"))
        return
    unfit = _owner(scene, path)
    if unfit is not None:
        yield unfit
    else:
        yield ok("home", what, plain(encode(path)))
    yield from _disk(scene)


def _owner(scene: Scene, path: Path) -> Finding | None:
    """Nobody else may write there, and nobody else may look into what holds secrets and journals."""
    what = _("home")
    said = _("{path} belongs to another user, and this one may not write there", path=encode(path))
    shut_out = wrong("home.owner", what, said, scene.everything_hint)
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        return shut_out
    try:
        found = home_access.unfit(path)
    except PermissionError:  # on Windows only the attempt tells
        return shut_out
    return None if found is None else wrong(f"home.{found.kind}", what, found.said, found.command)


def _disk(scene: Scene) -> Iterator[Finding]:
    path, what = scene.home, _("disk of the home")
    mount = mount_of(path).value
    kind = _("{kind}, mounted at {point}", kind=mount.kind, point=mount.point)
    away = above(path, scene.unmounted)
    elsewhere = _("move the home to a disk of this host, and say where: {command}", command=_SAFE)
    if away is not None:
        said = _("{point} should be mounted, and is not: this is not the real home", point=away.point)
        yield wrong("home.disk", what, said, plain(f"mount {away.point}"))
    elif mount.kind in trials.FORGETFUL:
        yield wrong("home.disk", what, _("{kind}: a boot empties it, and with it every way back", kind=kind), elsewhere)
    elif mount.kind in trials.NETWORK:
        yield wrong("home.disk", what, _("{kind}: journals need a disk of this host", kind=kind), elsewhere)
    elif mount.read_only:
        yield wrong("home.disk", what, _("{kind}, read-only", kind=kind), plain(f"mount -o remount,rw {mount.point}"))
    else:
        yield from _trials(path, kind)


def _trials(path: Path, kind: Text) -> Iterator[Finding]:
    """Only where we may write: everything else is told already."""
    what, free = _("disk of the home"), room(path).value.free
    if not os.access(path, os.W_OK | os.X_OK):
        return
    if free < _ENOUGH:
        said = _(
            "{kind}: {mb} MB are free, a run needs at least {least}", kind=kind, mb=free >> 20, least=_ENOUGH >> 20
        )
        yield wrong("home.room", what, said, _("make room at {path}", path=encode(path)))
        return
    try:
        seconds, held, off = trials.write_out(path), trials.locks_hold(path), trials.clock_differs(path)
    except SmenaError as error:
        yield told("home.disk", what, error)
        return
    if not held:
        yield wrong("home.locks", what, _("{kind}: locks do not hold here", kind=kind), _("use a disk of this host"))
    elif off > _OFF:
        said = _("{kind}: its times differ from this host's clock by {seconds} s", kind=kind, seconds=round(off))
        yield wrong("home.times", what, said, plain(commands.RIGHT_CLOCK))
    else:
        shown = _(
            "{kind}; {mb} MB free, locks hold, a write-out takes {ms} ms",
            kind=kind,
            mb=free >> 20,
            ms=round(seconds * 1000, 1),
        )
        yield ok("home.disk", what, shown)


# --- the files in it ------------------------------------------------------------------


def state_files(scene: Scene) -> Iterator[Finding]:
    what, path = _("registry of instances"), scene.home / registry.FILE
    if not path.exists():
        yield ok("registry", what, _("empty"))
    else:
        trouble = _registry(scene.home, path)
        yield trouble or ok("registry", what, _("instances: {count}", count=len(scene.instances)))
    yield from _journals(scene.home)


def _registry(home: Path, path: Path) -> Finding | None:
    try:
        store.proven(path, registry.MIGRATIONS)
        registry.instances(home)
    except SmenaError as error:
        return told("registry", _("registry of instances"), error, error.hint if _newer(error) else _anew(home))
    return None


def _anew(home: Path) -> Text:
    """What is measured is found again; what only the registry knew (settings given by hand, notes) has to be said."""
    aside = commands.to_set_aside(encode(home / registry.FILE))
    return _("{command}; then: {next}", command=aside, next="smena instance add --all")


def _newer(error: SmenaError) -> bool:
    return error.code == "store-too-new"


def _journals(home: Path) -> Iterator[Finding]:
    what, good = _("journals of runs"), 0
    for folder in sorted(places.runs(home).glob("*/")):
        file = folder / journal.FILE
        if not file.exists():
            continue
        try:
            store.proven(file, schema.MIGRATIONS)
            good += 1
        except SmenaError as error:
            hint = (
                error.hint if _newer(error) else _("keep a copy of {folder}, and ask for help", folder=encode(folder))
            )
            yield told("journal", _("journal of run {run}", run=folder.name), error, hint)
    yield ok("journals", what, _("can be read: {count}", count=good))
