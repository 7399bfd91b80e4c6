"""Going back after a run is final: a new run with a plan, a hash and an undo of its own.

The newest comes first. It is refused when the instance is no longer what the run left: something
else has changed it since, and nobody could tell what would be lost. What users changed since the site was
opened is shown, and moves into the new run's restore point, so that going forward again is possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from smena import __version__
from smena.errors import NothingToRollBack, RunStateWrong
from smena.host import glance
from smena.host.fingerprint import Difference
from smena.host.paths import decode
from smena.instances import registry
from smena.instances.world import measure
from smena.intake import definitions
from smena.journal.journal import Journal
from smena.journal.rows import RunRow, StepRow
from smena.plan.model import Plan
from smena.plan.model import decode as read_plan
from smena.plan.params import Fingerprint
from smena.plan.rollback import build_rollback
from smena.run.status import State
from smena.service import held, places, runs
from smena.service.besides import beside
from smena.service.managed import refuse_elsewhere
from smena.text import Text, _, plain

_TAKEN_BACK = ("upgrade", "rollback")
"""Other kinds are taken back by their like: settings by setting them again."""


class Changed(msgspec.Struct, frozen=True):
    """A file that somebody changed since users were let in."""

    path: str
    what: str


def plan_rollback(home: Path, instance: str, to: str | None = None) -> Plan:
    """The plan that takes back the newest run, or all runs down to `to` and that one too."""
    refuse_elsewhere(home, instance)
    chain = chain_to(home, instance, to)
    known = registry.get(home, instance)
    definition = definitions.find(known.product, home)
    world = measure(definition, known, home, sized=False)
    _refuse_if_changed(home, chain[0], world.facts)
    names = [row.id for row in chain]
    besides = beside(home, names)
    return build_rollback(definition, world, names, chain[-1].from_version, smena=__version__, beside=besides)


def chain_to(home: Path, instance: str, to: str | None) -> list[RunRow]:
    """The runs to take back, the newest first; runs that were taken back already do not count."""
    points = restore_points(home, instance)
    final = _final(home, instance)
    if to is not None and final and final[-1].id == to:
        return final[-1:]  # also a rollback, while it is the newest: that goes forward again
    if not points:
        raise NothingToRollBack(
            _("{instance} has no restore point", instance=instance),
            why=[_("no run of it is final, or every one was taken back already")],
            hint=plain(f"smena run list --instance {instance}"),
        )
    if to is None:
        return points[:1]
    names = [row.id for row in points]
    if to not in names:
        raise NothingToRollBack(
            _("{point} is no restore point of {instance}", point=to, instance=instance),
            why=[_("there are: {names}", names=", ".join(names))],
        )
    return points[: names.index(to) + 1]


def restore_points(home: Path, instance: str) -> list[RunRow]:
    """Final runs that can be taken back and still hold what that needs, the newest first.

    What was taken back does not count any more. Who took a rollback back went forward: that is a run
    to be taken back like any other, and what lies behind it are not the steps on which it once went.
    """
    stack: list[RunRow] = []
    forward: dict[str, bool] = {}
    for row in _final(home, instance):
        undone = read_plan(row.plan).undoes
        stack = [one for one in stack if one.id not in undone]
        forward[row.id] = row.kind in _TAKEN_BACK and not any(forward.get(name) for name in undone)
        if forward[row.id]:
            stack.append(row)
    return [row for row in reversed(stack) if not _given_up(home, row)]


def _given_up(home: Path, row: RunRow) -> bool:
    noted = held.noted(home, row.id)
    return noted is not None and noted.given_up


def _final(home: Path, instance: str) -> list[RunRow]:
    rows = [one.run for one in runs.listed(home, instance) if one.run.state == State.FINAL]
    return sorted(rows, key=lambda row: row.finished or "")


def changed_since(home: Path, run: str) -> Iterator[Changed] | None:
    """What users and administrators changed since this run let them in; None where it has not."""
    journal = Journal.read(places.run_folder(home, run))
    try:
        row, steps = journal.run(), journal.steps()
    finally:
        journal.close()
    opened = next((step for step in steps if step.kind == "fingerprint" and step.status == "done"), None)
    return None if opened is None else _changed(places.run_folder(home, row.id), opened)


def _changed(folder: Path, opened: StepRow) -> Iterator[Changed]:
    moment = int(datetime.fromisoformat(opened.started or "").timestamp() * 1e9)
    for name, tree in msgspec.json.decode(opened.params, type=Fingerprint).trees.items():
        record = folder / "opened" / f"{name}.list"
        if record.exists() and Path(decode(tree)).exists():
            yield from (_shown(tree, found) for found in glance.since(Path(decode(tree)), record, moment))


def _shown(tree: str, found: Difference) -> Changed:
    return Changed(f"{tree}/{found.path}" if found.path else tree, found.what)


def _refuse_if_changed(home: Path, run: RunRow, now: dict[str, str]) -> None:
    journal = Journal.read(places.run_folder(home, run.id))
    try:
        then = {name: msgspec.json.decode(value, type=str) for name, value in journal.facts("after").items()}
    finally:
        journal.close()
    differing = [name for name, value in then.items() if now.get(name) != value]
    if differing:
        raise RunStateWrong(
            _("{instance} is no longer what run {run} left", instance=run.instance, run=run.id),
            why=[
                _("{name} was {old} and is now {new}", name=name, old=then[name], new=now.get(name, "—"))
                for name in differing
            ],
            state=_("nothing was changed"),
        )


def under_way(home: Path, instance: str) -> str | None:
    """A run of the instance that is not over: going back is then its own undo."""
    return next((one.run.id for one in runs.listed(home, instance) if not one.ended), None)


def what_words(what: str) -> Text:
    words = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
    return words.get(what, plain(what))
