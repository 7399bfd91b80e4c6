"""maintenance and open: the page that users see while the instance is down, and its end."""

from __future__ import annotations

import msgspec

from smena import clock
from smena.errors import SiteFailed
from smena.host import http
from smena.plan.params import Page
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

_LONGEST_LOOK = 0.2
_LONGEST_OPENING = 60.0
"""Seconds: by then the checks have seen it answer, so this is for a web server that is slow to notice."""


class Before(msgspec.Struct, frozen=True):
    """Whether the instance answered before the page came up."""

    answered: bool


def close(p: Page, ctx: World) -> Done:
    """What the page replaces is the first that the run keeps of it: a rollback puts back the site, never a page."""
    if ctx.recorded(Before) is None:
        ctx.record(Before(p.probe is not None and _answers(p.probe)))
    replaced = ctx.tools.pages.replaces(p)
    if replaced is not None:
        ctx.tools.point.save(ctx.seq, replaced)
    ctx.tools.pages.up(p)
    return Done()


def open_again(p: Page, ctx: World) -> Done:
    """One that does not answer in time is opened all the same: the checks have judged it."""
    _awaited(p, ctx, min(p.within, _LONGEST_OPENING))
    ctx.tools.pages.down(p)
    return Done()


def undo_close(p: Page, ctx: World) -> None:
    """Nobody is told that everything is as before while what answered before does not: then a person has to look."""
    if not p.back:
        return
    before = ctx.recorded(Before)
    if before is not None and before.answered and not _awaited(p, ctx, p.within):
        raise SiteFailed(
            _("{instance} does not answer at {url} as it did before", instance=p.instance, url=p.probe),
            state=_("its services were started again, with everything as before"),
            hint=_("look why, then: smena run resume {run}", run=ctx.run),
        )
    ctx.tools.pages.down(p)


def _awaited(p: Page, ctx: World, within: float) -> bool:
    """Whether it answers within its time."""
    began = clock.ticks()
    while p.probe is not None and not _answers(p.probe):
        if clock.ticks() > began + within:
            return False
        ctx.pause(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))
    return True


def _answers(url: str) -> bool:
    return http.ask(url).status not in (0, 502, 503, 504)


def undo_open(p: Page, ctx: World) -> None:
    ctx.tools.pages.up(p)
