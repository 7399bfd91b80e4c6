"""manual: what only a person can do. The run waits; `smena run resume` says that it is done.

On the way back a person is asked to take it back, but only if somebody was asked to do it at all.
"""

from __future__ import annotations

import msgspec

from smena.errors import NeedsPerson
from smena.plan.params import Manual
from smena.run.step import Done, Outcome, Wait
from smena.steps.tools import World
from smena.text import _, plain


class Told(msgspec.Struct, frozen=True):
    """A person may know of it from now on."""


def do(p: Manual, ctx: World) -> Outcome:
    ctx.record(Told())
    return Done() if ctx.resumed else Wait(plain(p.text))


def undo(p: Manual, ctx: World) -> None:
    """Only a person can take back what a person did; the run is parked until somebody lets it go on."""
    if p.undo is None or ctx.resumed or ctx.recorded(Told) is None:
        return
    raise NeedsPerson(_("take this back by hand: {text}", text=p.undo), hint=_("smena run resume {run}", run=ctx.run))
