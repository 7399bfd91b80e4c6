"""Whose turn it is with an instance: one run, one start or stop at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smena import clock
from smena.errors import LockBusy, RunUnderWay
from smena.host.lock import Lock
from smena.journal.journal import FILE, Journal
from smena.journal.rows import RunRow
from smena.run.status import ENDED, State
from smena.service import fitness, home_access, places
from smena.service.openruns import open_runs
from smena.text import _, plain

_PATIENCE = 20.0
_LONGEST_LOOK = 0.05


@contextmanager
def turn(home: Path, instance: str, purpose: str) -> Iterator[None]:
    """The instance's lock; a run that is over may still be tidying up, one that is not has it for long."""
    fitness.refuse_without_rights()
    home_access.refuse_if_not_ours(home)
    began = clock.ticks()
    lock = Lock(places.lock(home, instance), purpose)
    while True:
        try:
            lock.acquire()
            break
        except LockBusy:
            refuse_if_under_way(home, instance)
            if clock.ticks() > began + _PATIENCE:
                raise
        clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))
    with lock:
        yield


def refuse_if_under_way(home: Path, instance: str) -> None:
    for run in open_runs(home):
        row = row_of(places.run_folder(home, run))
        if row is not None and row.instance == instance and State(row.state) not in ENDED:
            raise RunUnderWay(
                _("run {run} of {instance} is not over", run=row.id, instance=instance),
                state=_("nothing was changed"),
                hint=plain(f"smena run show {row.id}"),
            )


def row_of(folder: Path) -> RunRow | None:
    """A folder without a journal is a run that died while it was made: nothing was touched by it."""
    if not (folder / FILE).exists():
        return None
    journal = Journal.read(folder)
    try:
        return journal.run()
    finally:
        journal.close()
