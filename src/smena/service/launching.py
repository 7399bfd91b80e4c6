"""Making a run and starting its process. Whoever calls may die at any moment: the run does not care."""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import __version__, clock
from smena.errors import LockBusy, RunUnderWay
from smena.host import files, process
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.ids import new_run_id
from smena.instances import registry
from smena.instances.world import measure
from smena.intake import definitions
from smena.journal.journal import FILE, Journal
from smena.journal.rows import Header, NewStep, RunRow
from smena.plan.model import Plan, encode
from smena.run.status import ENDED, State
from smena.service import booting, places, takeup
from smena.text import _, plain

_PATIENCE = 20.0
_LONGEST_LOOK = 0.05


def begin(home: Path, plan: Plan) -> str:
    """Write the run down and start its process; the run's name."""
    run = write_down(home, plan)
    start(home, run)
    return run


def write_down(home: Path, plan: Plan) -> str:
    """A run that nobody carries yet: from here on the next call of smena would take it up."""
    with _turn(home, plan.instance):
        refuse_if_under_way(home, plan.instance)
        run = new_run_id()
        folder = places.run_folder(home, run)
        files.make_folder(folder / places.REQUESTS, attributes.own(0o700))
        journal = Journal.create(folder, _header(run, plan), _steps(plan))
        journal.note_facts("before", {name: msgspec.json.encode(value) for name, value in plan.facts.items()})
        journal.close()
    return run


@contextmanager
def _turn(home: Path, instance: str) -> Iterator[None]:
    """The instance's lock; a run that is over may still be tidying up, one that is not has it for long."""
    began = clock.ticks()
    end = began + _PATIENCE
    lock = Lock(places.lock(home, instance), "a new run")
    while True:
        try:
            lock.acquire()
            break
        except LockBusy:
            refuse_if_under_way(home, instance)
            if clock.ticks() > end:
                raise
        clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))
    with lock:
        yield


def start(home: Path, run: str, *, resume: bool = False) -> None:
    """Start the process that carries the run, with a life of its own."""
    folder = places.run_folder(home, run)
    arguments = [sys.executable, "-m", "smena.service.carrying", str(home), run, *(["resume"] if resume else [])]
    files.remove_file(folder / places.TROUBLE)
    if booting.available():
        row = _row(folder)
        if row is not None:
            booting.start(home, run, row.instance, arguments, log=folder / "process.log")
            return
    command = process.Command(arguments, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, cwd=folder)
    process.spawn(command, log=folder / "process.log", note=folder / places.NOTE)


def refuse_if_under_way(home: Path, instance: str) -> None:
    for run in takeup.open_runs(home):
        row = _row(places.run_folder(home, run))
        if row is not None and row.instance == instance and State(row.state) not in ENDED:
            raise RunUnderWay(
                _("run {run} of {instance} is not over", run=row.id, instance=instance),
                state=_("nothing was changed"),
                hint=plain(f"smena run show {row.id}"),
            )


def facts_now(home: Path, instance: str) -> dict[str, str]:
    known = registry.get(home, instance)
    return measure(definitions.find(known.product, home), known, home, sized=False).facts


def _row(folder: Path) -> RunRow | None:
    """A folder without a journal is a run that died while it was made: nothing was touched by it."""
    if not (folder / FILE).exists():
        return None
    journal = Journal.read(folder)
    try:
        return journal.run()
    finally:
        journal.close()


def _header(run: str, plan: Plan) -> Header:
    return Header(
        id=run,
        kind=plan.kind,
        instance=plan.instance,
        product=plan.product,
        from_version=plan.from_,
        to_version=plan.to,
        plan=encode(plan),
        plan_hash=plan.hash,
        options=msgspec.json.encode({"undoes": plan.undoes}),
        smena=__version__,
        who=getpass.getuser(),
        host=platform.node(),
    )


def _steps(plan: Plan) -> list[NewStep]:
    return [
        NewStep(
            kind=step.kind,
            params=bytes(step.params),
            title=step.title,
            hop=step.hop,
            phase=step.phase,
            version=step.version,
            no_return=None if step.no_return is None else plain(step.no_return),
        )
        for step in plan.steps
    ]
