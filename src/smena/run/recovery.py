"""Taking up a run that something interrupted, and turning a run back.

A step found in `doing` was interrupted inside: a kind that says `repeat` is simply
done again; a kind that says `undo` ran foreign code of which nobody knows how far it
came, so the run goes back and what that code changes is put back first. Attempts
are counted as long as no step finishes: after three the run is parked, because
something kills it each time and a person should look.
"""

from __future__ import annotations

from typing import Any

from smena import faults
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.run.status import BEGUN, MOVING, State, Status
from smena.run.step import Table
from smena.text import Text, _

LIMIT = 3


def take_up(journal: Journal, table: Table[Any], *, resumed: bool) -> None:
    """Bring a run that was begun before into a state from which the engine goes on."""
    run = journal.run()
    state = State(run.state)
    if resumed and state in (State.WAITING, State.PARKED):
        _resume(journal)
        return
    if state not in MOVING:
        return
    faults.point("run.recover")
    cut = [step for step in journal.steps() if step.status in (Status.DOING, Status.UNDOING)]
    if not cut:
        return  # it was stopped at a safe point, or between two steps
    if run.recoveries >= LIMIT and not resumed:
        _park(journal, run.recoveries)
        return
    with journal.change():
        journal.set_recoveries(0 if resumed else run.recoveries + 1)
        journal.say(_("the run was interrupted and is taken up"), seq=cut[0].seq, level="recovery")
        _after_foreign_code(journal, table, cut)


def turn_back(journal: Journal, why: Text) -> None:
    """From here on the run goes back; behind a point of no return a person is asked instead."""
    steps = journal.steps()
    barrier = next((step for step in steps if step.no_return is not None and step.status in BEGUN), None)
    with journal.change():
        if barrier is not None:
            blocked = _("{why}; there is no way back after step {seq}", why=why, seq=barrier.seq)
            journal.set_state(State.WAITING, blocked)
            return
        for step in steps:
            if step.status in BEGUN and step.status != Status.UNDOING:
                journal.settle(step.seq, Status.UNDO)
        journal.set_state(State.UNDOING, why)


def _after_foreign_code(journal: Journal, table: Table[Any], cut: list[StepRow]) -> None:
    for step in cut:
        if step.status == Status.DOING and table[step.kind].interrupted == "undo":
            turn_back(journal, _("step {seq} was interrupted while foreign code ran", seq=step.seq))
            return


def _resume(journal: Journal) -> None:
    """A person says: go on in the direction in which it was going."""
    statuses = {Status(step.status) for step in journal.steps()}
    back = statuses & {Status.UNDO, Status.UNDOING, Status.UNDONE}
    opened = any(step.phase == "open" and step.status != Status.DO for step in journal.steps())
    onward = State.UNDOING if back else State.OPEN if opened else State.DOING
    with journal.change():
        journal.set_recoveries(0)
        journal.say(_("a person let the run go on"), level="recovery")
        journal.set_state(onward)


def _park(journal: Journal, count: int) -> None:
    why = _("the run was interrupted {count} times in a row without getting on", count=count + 1)
    with journal.change():
        journal.say(why, level="error")
        journal.set_state(State.PARKED, why)
