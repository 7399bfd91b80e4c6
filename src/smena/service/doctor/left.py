"""What runs left behind, or wait for: nothing may lie about that no run answers for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.drivers.systemd import PERMITS
from smena.drivers.systemd_units import HOLD, SYSTEM
from smena.host.native import commands
from smena.host.paths import encode
from smena.journal.journal import FILE
from smena.service import places, runs
from smena.service.doctor.finding import Finding, ok, wrong
from smena.service.doctor.scene import Scene
from smena.service.runs import RunView
from smena.text import Text, _, plain


def open_runs(scene: Scene) -> Iterator[Finding]:
    what, views = _("runs"), [view for view in scene.runs.views if not view.ended]
    troubled = [view for view in views if view.state in ("interrupted", "waiting", "parked") or view.trouble]
    for view in troubled:
        yield wrong("run", _("run {run}", run=view.run.id), _state(view), _next(view))
    if not troubled:
        going = ", ".join(view.run.id for view in views)
        yield ok("runs", what, _("under way: {runs}", runs=going) if going else _("none is open"))
    yield from _half_made(scene.home)


def _state(view: RunView) -> Text:
    said = _("{instance}: {state}", instance=view.run.instance, state=runs.state_words(view.state))
    return _("{what}: {why}", what=said, why=view.trouble) if view.trouble else said


def _next(view: RunView) -> Text:
    if view.state == "interrupted" and view.trouble is None:
        return plain(f"smena run resume {view.run.id}")
    return plain(f"smena run show {view.run.id}")


def _half_made(home: Path) -> Iterator[Finding]:
    """A death while a run was made: nothing was touched by it, and it is in nobody's way."""
    left = [f for f in sorted(places.runs(home).glob("*/")) if not (f / FILE).exists()]
    if left:
        shown = ", ".join(folder.name for folder in left)
        yield ok("runs.half-made", _("runs"), _("never begun, may be removed: {runs}", runs=shown))


def holds(scene: Scene) -> Iterator[Finding]:
    """Holds, permits, pages and drop-ins of instances that no run changes."""
    found = [
        *(_hold(path) for path in _files(scene, scene.home / "hold")),
        *(_permit(path) for path in _files(scene, PERMITS)),
        *(_page(path) for path in _files(scene, scene.home / "pages")),
        *_drop_ins(scene),
    ]
    yield from found
    if not found:
        yield ok("holds", _("holds and pages"), _("none without a run"))


def _files(scene: Scene, folder: Path) -> list[Path]:
    """Those that are not of an instance with an open run. What is hidden is half written, and goes by itself."""
    listed = sorted(folder.glob("[!.]*")) if folder.is_dir() else []
    if scene.runs.troubles:  # a journal that cannot be read may answer for any of them
        return []
    return [path for path in listed if not scene.busy(path.name.removesuffix(".json"))]


def _hold(path: Path) -> Finding:
    said = _("{path}: nothing may start {instance}, and no run is changing it", path=encode(path), instance=path.name)
    return wrong("hold", _("hold"), said, plain(encode(commands.to_remove(str(path)))))


def _permit(path: Path) -> Finding:
    said = _("{path}: a start that died left it", path=encode(path))
    return wrong("permit", _("permit"), said, plain(encode(commands.to_remove(str(path)))))


def _page(path: Path) -> Finding:
    instance = path.name.removesuffix(".json")
    said = _(
        "{path}: users of {instance} may see the maintenance page, and no run is changing it",
        path=encode(path),
        instance=instance,
    )
    return wrong("page", _("maintenance page"), said, plain(f"smena instance show {instance}"))


def _drop_ins(scene: Scene) -> Iterator[Finding]:
    if scene.runs.troubles or any(not view.ended for view in scene.runs.views):
        return
    for path in sorted(SYSTEM.glob(f"*.d/{HOLD}")):
        if encode(scene.home) in path.read_text("utf-8", "replace"):
            said = _("{path}: a hold left it; harmless alone", path=encode(path))
            yield wrong("drop-in", _("hold"), said, plain(encode(f"rm {path}; systemctl daemon-reload")))
