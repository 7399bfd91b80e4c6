"""hold and release: from the first stop on, nobody but the run can start a half-switched instance."""

from __future__ import annotations

from smena.plan.params import Hold, Release
from smena.run.step import Done
from smena.steps.tools import World


def hold(p: Hold | Release, ctx: World) -> Done:
    ctx.tools.holds.hold(p.instance, p.services, coming=p.coming)
    return Done()


def release(p: Hold | Release, ctx: World) -> Done:
    ctx.tools.holds.release(p.instance, p.services)
    return Done()


def undo_hold(p: Hold, ctx: World) -> None:
    release(p, ctx)


def undo_release(p: Release, ctx: World) -> None:
    hold(p, ctx)


def tidy(p: Hold, ctx: World) -> None:
    """The run is over: what was only made for holding goes."""
    ctx.tools.holds.tidy(p.instance, p.services)
