"""Proving a plan on this host, and beginning the run."""

from __future__ import annotations

from pathlib import Path

from smena.checks.check import refuse_if_blocked
from smena.errors import ChecksFailed, MergeConflicts
from smena.keys.pins import Pins
from smena.plan.model import Plan
from smena.service import keygate, launching, planning, turns
from smena.service.managed import refuse_elsewhere
from smena.text import _


def prove(home: Path, plan: Plan, pins: Pins | None = None) -> None:
    """Refuse before any change: everything that says no, at once; a missing licence with the question for it."""
    refuse_elsewhere(home, plan.instance)
    turns.refuse_if_under_way(home, plan.instance)
    _refuse_conflicts(plan)
    found = planning.findings(home, plan, pins)
    message = _("{instance} cannot be upgraded to {to} now", instance=plan.instance, to=plan.to)
    try:
        refuse_if_blocked(found, message, state=_("nothing was changed"))
    except ChecksFailed as error:
        if not keygate.wants_question(found):
            raise
        raise keygate.with_question(error, home, plan, pins) from error


def begin(home: Path, plan: Plan) -> str:
    """The run's name; it goes on by itself from here."""
    return launching.begin(home, plan)


def _refuse_conflicts(plan: Plan) -> None:
    conflicts = [(change.file, key) for change in plan.config for key in change.conflicts]
    if conflicts:
        raise MergeConflicts(
            _("configuration files have conflicts to settle: {count}", count=len(conflicts)),
            why=[_("{file}: {key}", file=file, key=key) for file, key in conflicts],
            state=_("nothing was changed"),
            hint=_("see both sides with smena plan … --diff, decide in a file, and give it with --resolve FILE"),
        )
