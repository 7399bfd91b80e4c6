"""After a boot in the middle of a run the instance is down and held: what the run had started is started again.

Steps that are done are not done again, so a start that was done before the crash has to be made true. Only what is
whole comes back: where a start converts data and nothing has said yet that it is done, the run goes back at once,
because a conversion that was cut off is not to be trusted, and nobody need wait for its log.
"""

from __future__ import annotations

import msgspec

from smena.errors import SmenaError
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.plan.params import ServiceSpec, Start, Stop
from smena.run.recovery import turn_back
from smena.run.status import State, Status
from smena.steps.stop import Ran
from smena.steps.tools import ServiceControl
from smena.text import _

_STARTS = ("start", "start-converting")
_BACK = (Status.UNDO, Status.UNDOING, Status.UNDONE, Status.PARKED)


def revive(journal: Journal, services: ServiceControl) -> None:
    """Before the engine goes on; while everything runs that should, this does nothing."""
    steps = [step for step in journal.steps() if step.kind in (*_STARTS, "stop")]
    state = State(journal.run().state)
    if state == State.UNDOING:
        _start(journal, services, _started_by_undo(steps))
    elif state == State.DOING:
        last = next((step for step in reversed(steps) if step.status != Status.DO), None)
        if last is not None and last.kind in _STARTS and last.status == Status.DONE:
            _go_on(journal, services, last)


def _go_on(journal: Journal, services: ServiceControl, start: StepRow) -> None:
    wanted = msgspec.json.decode(start.params, type=Start).services
    if len(services.those_running(wanted)) == len(wanted):
        return
    if _whole(journal.steps(), start):
        _start(journal, services, wanted)
    else:
        turn_back(journal, _("the services ended while data was being converted"))


def _whole(steps: list[StepRow], start: StepRow) -> bool:
    """It converts nothing, or its logs or the checks have said that it is done."""
    after = [step for step in steps if step.seq > start.seq and step.hop == start.hop]
    logs = [step.status == Status.DONE for step in after if step.kind == "await-log"]
    checked = any(step.kind == "check" and step.status == Status.DONE for step in after)
    return start.kind == "start" or checked or (bool(logs) and all(logs))


def _started_by_undo(steps: list[StepRow]) -> tuple[ServiceSpec, ...]:
    """On the way back the stop that was undone last has started what ran before it."""
    back = [step for step in steps if step.status in _BACK and step.status != Status.UNDO]
    if not back or back[0].kind != "stop" or back[0].status != Status.UNDONE or back[0].record is None:
        return ()
    params = msgspec.json.decode(back[0].params, type=Stop)
    ran = msgspec.json.decode(back[0].record, type=Ran).names
    return tuple(spec for spec in params.services if params.back and spec.name in ran)


def _start(journal: Journal, services: ServiceControl, wanted: tuple[ServiceSpec, ...]) -> None:
    """Forwards a failure turns the run back; on the way back a person has to look."""
    running = services.those_running(wanted)
    missing = [spec for spec in wanted if spec not in running]
    if not missing:
        return
    names = ", ".join(spec.name for spec in missing)
    journal.say(_("after the interruption {services} are started again", services=names), level="recovery")
    try:
        for spec in missing:
            services.start(spec)
    except SmenaError as error:
        if State(journal.run().state) == State.DOING:
            turn_back(journal, error.message)
            return
        with journal.change():
            journal.say(error.message, level="error")
            journal.set_state(State.PARKED, error.message)
