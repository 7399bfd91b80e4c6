"""The run's own process: takes the lock, wires the tools, lets the engine carry the run, and ends.

It is started by `launching`, and knows nothing of who watches. Everything it needs is imported
before the first step, so that an upgrade of smena itself under its feet does no harm.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from smena import clock
from smena.checks.check import Finding
from smena.checks.table import ask_all
from smena.drivers.systemd_files import SystemdFiles
from smena.errors import Interrupted, SmenaError
from smena.host import files
from smena.host.lock import Lock
from smena.host.native import processes
from smena.host.paths import decode
from smena.instances import secrets
from smena.instances.world import measure
from smena.intake import definitions
from smena.journal.journal import Journal
from smena.journal.rows import pack
from smena.plan.model import Plan
from smena.plan.model import decode as read_plan
from smena.plan.params import Asked
from smena.restore.copies import Copies
from smena.restore.point import RestorePoint
from smena.run.engine import Engine
from smena.run.status import ENDED, State
from smena.service import booting, managed, places, retention, reviving
from smena.service.control import holds_of, pages_of, services_of
from smena.service.scene import scene_of
from smena.service.subjects import instance_of
from smena.steps.all import TABLE
from smena.steps.reserve import relieve
from smena.steps.tools import Tools
from smena.text import _

_LOCK_WAIT = 5.0


class Signals:
    """The engine's control: a signal to stop, and the requests that people left in the run's folder."""

    def __init__(self, folder: Path) -> None:
        self._requests = folder / places.REQUESTS
        self._stopping = False
        for asked in processes.ASKED_TO_END:
            signal.signal(asked, self._stop)

    def stopping(self) -> bool:
        return self._stopping

    def asked(self, request: str) -> bool:
        return (self._requests / request).exists()

    def answered(self, request: str) -> None:
        files.remove_file(self._requests / request)

    def sleep(self, seconds: float) -> None:
        clock.sleep(seconds)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True


def carry(home: Path, run: str, *, resume: bool = False) -> State:
    """Carry one run as far as it goes by itself."""
    folder = places.run_folder(home, run)
    journal = Journal.open(folder)
    try:
        row = journal.run()
        with Lock(places.lock(home, row.instance), f"smena run {run}").acquire(_LOCK_WAIT):
            plan = read_plan(row.plan)
            tools = wire(home, folder, plan, journal)
            journal.store.relief = partial(relieve, journal)
            reviving.revive(journal, tools.services)
            engine = Engine(journal, TABLE, tools, Signals(folder), rollback_when_open=plan.rollback_when_open)
            state = engine.carry(resume=resume)
            if state in ENDED:
                _settle(home, run, plan, journal)
            return state
    finally:
        journal.close()


def _settle(home: Path, run: str, plan: Plan, journal: Journal) -> None:
    """The run is over, whatever becomes of this: what cannot be done now the next call of smena does."""
    try:
        managed.follow(home, plan.instance, plan.outside)
    except SmenaError as error:
        journal.say(_("this home's mark is not beside the instance: {error}", error=error.message), level="warning")
    try:
        retention.settle(home, run)
    except SmenaError as error:
        journal.say(_("old restore points could not be removed: {error}", error=error.message), level="warning")
    try:
        booting.tidy(home)
    except SmenaError as error:
        journal.say(error.message, level="warning")


def wire(home: Path, folder: Path, plan: Plan, journal: Journal) -> Tools:
    """Everything that steps work with."""
    instance = instance_of(home, plan)
    definition = definitions.find(plan.product, home)
    point = RestorePoint(journal, folder.name, [Path(decode(path)) for path in plan.outside])

    def ask(asked: Sequence[Asked]) -> list[Finding]:
        return ask_all(asked, scene_of(home, plan, folder, definition=definition))

    return Tools(
        home=home,
        folder=folder,
        instance=plan.instance,
        product=plan.product,
        point=point,
        copies=Copies(point, folder / "copies"),
        services=services_of(home, instance, permit=True),
        holds=holds_of(home, instance),
        pages=pages_of(home, instance),
        units=SystemdFiles(home),
        reveal=partial(secrets.reveal, home, plan.instance),
        ask=ask,
        facts=lambda: measure(definition, instance_of(home, plan), home, sized=False).facts,
    )


def _tell(folder: Path, error: SmenaError) -> None:
    """Nobody sees this process end: why it could not go on is left where the next one looks."""
    told = _("{what}: {why}", what=error.message, why=error.why[0]) if error.why else error.message
    files.write_file(folder / places.TROUBLE, pack(told) or b"")


def main(arguments: Sequence[str]) -> int:
    """`python -m smena.service.carrying HOME RUN [resume]`"""
    home, run, *more = arguments
    try:
        state = carry(Path(home), run, resume="resume" in more)
    except Interrupted as error:
        return error.exit
    except SmenaError as error:
        _tell(places.run_folder(Path(home), run), error)
        return error.exit
    return 0 if state is State.FINAL else 4 if state in (State.WAITING, State.PARKED) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
