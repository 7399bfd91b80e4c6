"""notice: what a person should be told; it stands in the journal and in the report."""

from __future__ import annotations

from smena.plan.params import Notice
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import plain


def do(p: Notice, ctx: World) -> Done:
    ctx.say(plain(p.text))
    return Done(plain(p.text))
