"""probation: users are in, and the instance is watched for a while; `smena run finish` ends it early."""

from __future__ import annotations

from smena.checks.check import refuse_if_blocked
from smena.plan.params import Probation
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

_LOOK = 2.0


def do(p: Probation, ctx: World) -> Done:
    """Checked at the beginning, every few seconds, and once more at the end."""
    while True:
        refuse_if_blocked(ctx.tools.ask(p.checks), _("with users in, something went wrong"))
        left = p.seconds - ctx.ago()
        if left <= 0:
            return Done()
        if ctx.asked("finish"):
            return Done(_("a person ended the probation"))
        ctx.say(_("{seconds} s of probation left", seconds=round(left)), 1 - left / p.seconds)
        ctx.pause(min(_LOOK, left))
