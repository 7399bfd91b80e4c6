"""Watching a run: it goes on whether anybody watches or not.

One line a step, written when the step begins and when it is over: the same on a terminal and in a
pipe, so that what was seen can be read again. Ctrl-C does not touch the run: it asks whether to leave or to cancel.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from smena.cli.life_told import next_of_life, told_of_life
from smena.cli.sizes import seconds_words
from smena.text import Text, _, plain

if TYPE_CHECKING:
    from smena.cli.frame import Frame
    from smena.journal.rows import StepRow
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
        from smena.service import runs

        self._out = frame.out
        self._seen: dict[int, str] = {}
        self._open_since: float | None = None
        self._failed: set[int] = set()
        self._asking = runs.kinds_without_undo()

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
        back = view.run.state in ("undoing", "undone", "parked")
        self._write_events(view)
        for step in reversed(view.steps) if back else view.steps:
            before = self._seen.get(step.seq, "do")
            if step.status == before:
                continue
            self._seen[step.seq] = step.status
            if step.status in MARKS and not (step.status == "undone" and step.kind in self._asking):
                self._out.remark(_line(view, step, MARKS[step.status]))

    def _write_events(self, view: RunView) -> None:
        """What went wrong stands right behind the step in which it did."""
        for event in view.events:
            if event.level not in ("error", "warning", "wait", "recovery"):
                continue
            if event.level == "error" and event.seq is not None and event.seq not in self._failed:
                self._failed.add(event.seq)
                self._out.remark(_line(view, view.steps[event.seq - 1], MARKS["failed"]))
            self._out.remark(_("      {text}", text=event.text))


def _line(view: RunView, step: StepRow, mark: str) -> Text:
    took = seconds_words(step.seconds if mark == MARKS["done"] else None)
    number = str(step.seq).rjust(len(str(len(view.steps))))
    return plain(f"{mark} {number}/{len(view.steps)}  {step.title}{took}")


def told(view: RunView) -> Text:
    """What became of a run, in one sentence."""
    run = view.run
    of_life = told_of_life(view)
    if of_life is not None:
        return of_life
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
    if view.trouble is not None:
        return _("The run is interrupted and could not go on: {why}", why=view.trouble)
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
    of_life = next_of_life(view)
    if of_life is not None:
        frame.out.remark(of_life)
        return
    hints = {
        "final": _over(view),
        "undone": _("what happened: smena run show {run}", run=run),
        "waiting": _("then: smena run resume {run}, or smena run cancel {run}", run=run),
        "parked": _("look: smena run show {run}; then: smena run resume {run}", run=run),
        "open": _("watch on: smena run watch {run}; end the probation: smena run finish {run}", run=run),
        "interrupted": _("smena run resume {run}", run=run),
    }
    if view.state in hints:
        frame.out.remark(hints[view.state])


def _over(view: RunView) -> Text:
    run, name = view.run.id, view.run.instance
    if view.run.kind == "rollback":
        return _("forward again: smena rollback {instance} --to {run}", instance=name, run=run)
    if view.run.kind == "upgrade":
        return _("report: smena run report {run}; back again: smena rollback {instance}", run=run, instance=name)
    return _("report: smena run report {run}", run=run)


def _left(frame: Frame, run: str) -> int:
    """Ctrl-C: the run goes on unless a person says otherwise."""
    from smena.service import runs

    if sys.stdin.isatty() and not frame.out.json:
        question = _("The run goes on by itself. Leave it [l], or cancel it, so that everything goes back [c]?")
        from smena.cli import asking

        if asking.line(question).lower() in ("c", "cancel", "о", "отменить"):
            runs.cancel(frame.home, run)
            return follow(frame, run)
    frame.out.remark(_("run {run} goes on by itself; watch it with: smena run watch {run}", run=run))
    return 130
