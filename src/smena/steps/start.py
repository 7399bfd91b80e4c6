"""start and start-converting: services, the first first. A start that converts data is foreign code.

It only starts them and sees that they stay up for a moment; that they answer, and that a conversion is
over, is asked by the steps that follow, so that an interruption there loses nothing.
"""

from __future__ import annotations

from smena.plan.params import Start
from smena.run.step import Done
from smena.steps.tools import World


def do(p: Start, ctx: World) -> Done:
    for spec in p.services:
        ctx.tools.services.start(spec)
    return Done()


def undo(p: Start, ctx: World) -> None:
    for spec in reversed(p.services):
        ctx.tools.services.stop(spec)
