"""maintenance and open: the page that users see while the instance is down, and its end."""

from __future__ import annotations

from smena import clock
from smena.host import http
from smena.plan.params import Page
from smena.run.step import Done, Kind
from smena.steps.tools import World


def close(p: Page, ctx: World) -> Done:
    """What the page replaces is the first that the run keeps of it: a rollback puts back the site, never a page."""
    replaced = ctx.tools.pages.replaces(p)
    if replaced is not None:
        ctx.tools.point.save(ctx.seq, replaced)
    ctx.tools.pages.up(p)
    return Done()


def open_again(p: Page, ctx: World) -> Done:
    """One that does not answer in time is opened all the same: the checks have judged it, or it was so before."""
    end = clock.ticks() + p.within
    while p.probe is not None and not _answers(p.probe) and clock.ticks() < end:
        ctx.pause(0.05)
    ctx.tools.pages.down(p)
    return Done()


def _answers(url: str) -> bool:
    return http.ask(url).status not in (0, 502, 503, 504)


def undo_close(p: Page, ctx: World) -> None:
    if p.back:
        open_again(p, ctx)


def undo_open(p: Page, ctx: World) -> None:
    ctx.tools.pages.up(p)


KIND = Kind(name="maintenance", params=Page, do=close, undo=undo_close)
OPEN = Kind(name="open", params=Page, do=open_again, undo=undo_open)
