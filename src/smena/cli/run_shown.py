"""One run for people: what it was, what became of it, each step, and what was said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smena.cli.run_words import kind_words, moment
from smena.cli.sizes import seconds_words
from smena.cli.watching import MARKS, summary, told
from smena.text import _, plain

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.journal.rows import StepRow
    from smena.service.runs import RunView

_TOLD = ("error", "warning", "wait", "recovery", "retry")


def run_value(view: RunView, keeps: Sequence[str]) -> dict[str, object]:
    """For programs."""
    value = summary(view)
    value["keeps"] = list(keeps)
    value["plan"] = view.run.plan_hash
    value["who"] = view.run.who
    value["steps"] = [
        {
            "seq": step.seq,
            "kind": step.kind,
            "phase": step.phase,
            "hop": step.hop,
            "status": step.status,
            "title": str(step.title),
            "why": None if step.why is None else str(step.why),
            "attempts": step.attempts,
            "started": step.started,
            "finished": step.finished,
            "seconds": step.seconds,
        }
        for step in view.steps
    ]
    value["events"] = [
        {"at": event.at, "seq": event.seq, "level": event.level, "text": str(event.text)}
        for event in view.events
        if event.level != "trace"
    ]
    return value


def show_run(page: Page, view: RunView, keeps: Sequence[str]) -> None:
    run = view.run
    what = {"run": run.id, "kind": kind_words(run.kind), "instance": run.instance}
    page.line(
        _("run {run}: {kind} of {instance} from {start} to {goal}", start=run.from_version, goal=run.to_version, **what)
    )
    page.line(told(view))
    times = {"start": moment(run.started), "end": moment(run.finished)}
    page.item(_("began {start}, over {end}, by {who} on {host}", who=run.who, host=run.host, **times))
    page.item(_("plan {hash}", hash=run.plan_hash[:12]))
    for folder in keeps:
        page.item(_("what it keeps lies in {folder}", folder=folder))
    page.line()
    width = len(str(len(view.steps)))
    failed = {event.seq for event in view.events if event.level == "error"}
    for step in view.steps:
        mark = MARKS["failed"] if step.seq in failed else MARKS.get(step.status, " ")
        page.line(f"{mark} {step.seq:{width}}  {step.title}{_suffix(step)}")
        if step.why is not None and step.status not in ("do",):
            page.item(step.why, depth=2)
    said = [event for event in view.events if event.level in _TOLD]
    if said:
        page.line()
        page.line(_("what was said"))
        for event in said:
            where = _("step {seq}: ", seq=event.seq) if event.seq else plain("")
            page.item(_("{at} {where}{text}", at=moment(event.at), where=where, text=event.text))


def _suffix(step: StepRow) -> str:
    return f"{seconds_words(step.seconds)}" + (f"  ×{step.attempts}" if step.attempts > 1 else "")
