"""Making a run and starting its process. Whoever calls may die at any moment: the run does not care."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path

import msgspec

from smena import __version__
from smena.host import files, owners, process
from smena.host.native import attributes
from smena.ids import new_run_id
from smena.instances import registry
from smena.instances.world import measure
from smena.intake import definitions
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.plan.model import Plan, encode
from smena.plan.model import decode as read_plan
from smena.service import booting, fitness, home_access, places, turns
from smena.service.subjects import instance_of
from smena.text import plain


def begin(home: Path, plan: Plan) -> str:
    """Write the run down and start its process; the run's name."""
    run = write_down(home, plan)
    start(home, run)
    return run


def write_down(home: Path, plan: Plan) -> str:
    """A run that nobody carries yet: from here on the next call of smena would take it up."""
    with turns.turn(home, plan.instance, "a new run"):
        turns.refuse_if_under_way(home, plan.instance)
        run = _named(home)
        folder = places.run_folder(home, run)
        files.make_folder(folder / places.REQUESTS, attributes.own(0o700))
        journal = Journal.create(folder, _header(run, plan), _steps(plan))
        journal.note_facts("before", {name: msgspec.json.encode(value) for name, value in plan.facts.items()})
        journal.close()
    return run


def start(home: Path, run: str, *, resume: bool = False) -> None:
    """Start the process that carries the run, with a life of its own."""
    fitness.refuse_without_rights()
    folder = places.run_folder(home, run)
    home_access.refuse_if_not_ours(home, folder)
    words, log = [str(home), run, *(["resume"] if resume else [])], folder / "process.log"
    files.remove_file(folder / places.TROUBLE)
    way = booting.way()
    row = turns.row_of(folder) if way else None
    if way is not None and row is not None:
        way.start(home, run, instance_of(home, read_plan(row.plan)), words, log=log)
        return
    arguments = [sys.executable, "-m", "smena.service.carrying", *words]
    command = process.Command(arguments, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}, cwd=folder)
    process.spawn(command, log=log, note=folder / places.NOTE)


def facts_now(home: Path, instance: str) -> dict[str, str]:
    known = registry.get(home, instance)
    return measure(definitions.find(known.product, home), known, home, sized=False).facts


def _named(home: Path) -> str:
    """A name of its own. Three symbols are few where many instances begin in one minute, so the folder decides."""
    while not files.claim_folder(places.run_folder(home, run := new_run_id()), attributes.own(0o700)):
        pass
    return run


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
        who=owners.me(),
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
