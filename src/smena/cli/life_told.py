"""What became of a run by which an instance came to be, was set otherwise, or went: in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.service.runs import RunView


def told_of_life(view: RunView) -> Text | None:
    """None for other kinds of runs, and for runs that are not over."""
    words = {"instance": view.run.instance, "version": view.run.to_version, "why": view.run.why or plain("–")}
    told = {
        ("create", "final"): _("{instance} is there and runs {version}.", **words),
        ("create", "undone"): _("{instance} was not created, and nothing of it is left: {why}", **words),
        ("configure", "final"): _("{instance} is configured and runs.", **words),
        ("configure", "undone"): _("{instance} is as it was before, with everything: {why}", **words),
        ("remove", "final"): _("{instance} is removed; what went lies in the restore point of the run.", **words),
        ("remove", "undone"): _("{instance} was not removed, everything is as before: {why}", **words),
    }
    return told.get((view.run.kind, view.state))


def next_of_life(view: RunView) -> Text | None:
    """The one next command after such a run."""
    if view.state != "final":
        return None
    names = {"instance": view.run.instance, "run": view.run.id}
    look = _("look at it: smena instance show {instance}", **names)
    hints = {"create": look, "configure": look, "remove": _("report: smena run report {run}", **names)}
    return hints.get(view.run.kind)
