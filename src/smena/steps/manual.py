"""manual: what only a person can do. The run waits; `smena run resume` says that it is done."""

from __future__ import annotations

from smena.errors import NeedsPerson
from smena.plan.params import Manual
from smena.run.step import Done, Kind, Outcome, Wait
from smena.steps.tools import World
from smena.text import _, plain


def do(p: Manual, ctx: World) -> Outcome:
    return Wait(plain(p.text)) if ctx.attempt == 1 else Done()


def undo(p: Manual, ctx: World) -> None:
    """Only a person can take back what a person did; asked once, then taken as done."""
    if p.undo is None or ctx.asked("undone-by-hand"):
        return
    raise NeedsPerson(_("take this back by hand: {text}", text=p.undo), hint=_("smena run resume {run}", run=ctx.run))


KIND = Kind(name="manual", params=Manual, do=do, undo=undo)
