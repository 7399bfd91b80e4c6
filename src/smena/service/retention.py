"""When what runs keep on the host goes again.

Rules: once a run is final, the three newest runs that can be taken back keep what they hold, and so do the
three newest runs of all, in which lies what rollbacks replaced; older ones give it up. The newest way back
is always among them. A run that is not over keeps everything. Journals stay: what was done can always be read.

A run is marked before anything of it goes, so that nobody is ever offered half a restore point; what a death
leaves then goes with the next run.
"""

from __future__ import annotations

from pathlib import Path

from smena import clock, faults
from smena.host import removal
from smena.run.status import State
from smena.service import held, rollback, runs
from smena.service.held import Held
from smena.service.openruns import mark_over
from smena.service.places import run_folder
from smena.service.runs import RunView

KEEP = 3


def settle(home: Path, run: str) -> None:
    """The last thing after a run is over: measure what it holds, let go of what is too old, and mark it as over."""
    view = runs.view(home, run)
    if held.noted(home, run) is None:
        held.note(home, run)
    removal.clear(run_folder(home, run) / "staged")  # merged configuration may hold secrets, and nobody needs it now
    if view.run.state == State.FINAL:
        give_up_old(home, view.run.instance)
    faults.point("retention.settled")
    mark_over(run_folder(home, run))


def give_up_old(home: Path, instance: str) -> list[str]:
    """Remove what is no longer kept; the runs that gave something up."""
    over = [view for view in runs.listed(home, instance) if view.ended]
    newest = [view.run.id for view in over[:KEEP]]
    points = [row.id for row in rollback.restore_points(home, instance)[:KEEP]]
    old = [view.run.id for view in over if view.run.id not in (*newest, *points) and _holds(home, view)]
    for run in old:
        _give_up(home, run)
    return old


def _holds(home: Path, view: RunView) -> bool:
    """Also one that was marked and not cleared."""
    noted = held.noted(home, view.run.id)
    return noted is None or not noted.given_up or any(held.folders(home, view.run.id))


def _give_up(home: Path, run: str) -> None:
    folders = list(held.folders(home, run))
    held.write(home, run, Held(bytes=0, files=0, at=clock.stamp(), given_up=True))
    faults.point("retention.marked")
    for folder in folders:
        removal.remove_tree(folder)
        faults.point("retention.removed")
        removal.remove_empty(folder.parent)
