"""Watching a run: it goes on whether anybody watches or not.

One line a step, written when the step begins and when it is over: the same on a terminal and in a
pipe, so that what was seen can be read again. Ctrl-C does not touch the run: it asks whether to leave or to cancel.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.frame import Frame
    from smena.service.runs import RunView

EXITS = {"final": 0, "undone": 1, "waiting": 4, "parked": 4, "interrupted": 5}
MARKS = {"done": "✓", "failed": "✗", "undone": "↩", "wait": "…", "parked": "!", "retry": "…"}
_PATIENCE = 60.0


def follow(frame: Frame, run: str, *, detach: bool = False) -> int:
    """Watch until it rests or only its probation is left; the exit status that says what became of it."""
    from smena.service import runs

    if detach:
        view = runs.view(frame.home, run)
        frame.out.show(summary(view), lambda page: page.line(_("run {run} goes on by itself", run=run)))
        frame.out.remark(_("watch it with: smena run watch {run}", run=run))
        return 0
    watcher = Watcher(frame)
    try:
        view = watcher.watch(runs.watch(frame.home, run))
    except KeyboardInterrupt:
        return _left(frame, run)
    frame.out.show(summary(view), lambda page: page.line(told(view)))
    _next(frame, view)
    return EXITS.get(view.state, 0)


class Watcher:
    """Writes what is new."""

    def __init__(self, frame: Frame) -> None:
        self._out = frame.out
        self._seen: dict[int, str] = {}
        self._open_since: float | None = None

    def watch(self, views: Iterator[RunView]) -> RunView:
        from smena import clock

        for view in views:
            self._write(view)
            if view.run.state == "open" and self._open_since is None:
                self._open_since = clock.ticks()
            if self._open_since is not None and clock.ticks() - self._open_since > _PATIENCE:
                break
        return view

    def _write(self, view: RunView) -> None:
        for event in view.events:
            if event.level in ("error", "warning", "wait", "recovery"):
                self._out.remark(_("      {text}", text=event.text))
        for step in view.steps:
            before = self._seen.get(step.seq, "do")
            if step.status == before:
                continue
            self._seen[step.seq] = step.status
            if step.status in MARKS:
                self._out.remark(_line(view, step.seq, MARKS[step.status], step.title, step.seconds))


def _line(view: RunView, seq: int, mark: str, title: Text, seconds: float | None) -> Text:
    took = f"  {seconds:.1f} s" if seconds is not None and seconds >= 0.1 and mark == "✓" else ""
    return _(
        "{mark} {seq}/{count}  {title}{took}",
        mark=mark, seq=str(seq).rjust(len(str(len(view.steps)))), count=len(view.steps), title=title, took=took,
    )  # fmt: skip


def told(view: RunView) -> Text:
    """What became of a run, in one sentence."""
    run = view.run
    names = {"instance": run.instance, "start": run.from_version, "goal": run.to_version}
    if view.state == "final":
        return _("{instance} runs {goal}.", **names)
    if view.state == "undone":
        return _("{instance} runs {start} again, with everything as before: {why}", **names, why=run.why or plain("–"))
    if view.state == "open":
        return _("{instance} runs {goal}; users are in, and it is watched for a while longer.", **names)
    if view.state == "waiting":
        return _("The run waits for a person: {why}", why=run.why or plain("–"))
    if view.state == "parked":
        return _("The run is parked, a person has to look: {why}", why=run.why or plain("–"))
    return _("The run is interrupted; the next call of smena takes it up.")


def summary(view: RunView) -> dict[str, object]:
    """For programs."""
    run = view.run
    return {
        "run": run.id,
        "kind": run.kind,
        "instance": run.instance,
        "from": run.from_version,
        "to": run.to_version,
        "state": view.state,
        "why": None if run.why is None else str(run.why),
        "started": run.started,
        "finished": run.finished,
        "steps": {"done": sum(step.status == "done" for step in view.steps), "all": len(view.steps)},
    }


def _next(frame: Frame, view: RunView) -> None:
    """The one next command."""
    run = view.run.id
    hints = {
        "final": _(
            "report: smena run report {run}; back again: smena rollback {instance}", run=run, instance=view.run.instance
        ),
        "undone": _("what happened: smena run show {run}", run=run),
        "waiting": _("then: smena run resume {run}, or smena run cancel {run}", run=run),
        "parked": _("look: smena run show {run}; then: smena run resume {run}", run=run),
        "open": _("watch on: smena run watch {run}; end the probation: smena run finish {run}", run=run),
        "interrupted": _("smena run resume {run}", run=run),
    }
    if view.state in hints:
        frame.out.remark(hints[view.state])


def _left(frame: Frame, run: str) -> int:
    """Ctrl-C: the run goes on unless a person says otherwise."""
    from smena.service import runs

    if sys.stdin.isatty() and not frame.out.json:
        question = _("The run goes on by itself. Leave it [l], or cancel it, so that everything goes back [c]?")
        answer = click.prompt(str(question), default="l", show_default=False, err=True).strip().lower()
        if answer in ("c", "cancel", "о", "отменить"):
            runs.cancel(frame.home, run)
            return follow(frame, run)
    frame.out.remark(_("run {run} goes on by itself; watch it with: smena run watch {run}", run=run))
    return 130
