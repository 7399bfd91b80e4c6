"""site-header: have browsers forget what they cached of the old version, for a while.

The header ends by itself after its last day. Its lines stay in the site's file until the next upgrade
that asks for one puts its own in their place, or until undo or a rollback puts the file back.
"""

from __future__ import annotations

from functools import partial

from smena.plan.params import SiteHeader
from smena.run.step import Done
from smena.steps.tools import World


def do(p: SiteHeader, ctx: World) -> Done:
    point = ctx.tools.point
    ctx.tools.pages.head(p, partial(point.write, ctx.seq), partial(point.put_back, ctx.seq))
    return Done()


def undo(p: SiteHeader, ctx: World) -> None:
    ctx.tools.pages.head_back(p, partial(ctx.tools.point.put_back, ctx.seq))
