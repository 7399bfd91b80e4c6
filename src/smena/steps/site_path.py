"""site-path: point a virtual directory at another folder.

Undo sets back this one value, and only if what stands there now is what this step set: what somebody else has
set meanwhile is left, and a person decides. Nothing else of the web server's configuration is touched.
"""

from __future__ import annotations

import msgspec

from smena.errors import IisChanged
from smena.plan.windows_params import SitePath
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


class Was(msgspec.Struct, frozen=True):
    """Where it pointed before."""

    path: str


def do(p: SitePath, ctx: World) -> Done:
    was = ctx.recorded(Was)
    if was is None:
        was = Was(ctx.tools.pages.path(p))
        if (
            p.instead_of is not None
            and not ctx.resumed
            and not (like(was.path, p.instead_of) or like(was.path, p.path))
        ):
            raise _changed(p, was.path, ctx)
        ctx.record(was)
    if not like(ctx.tools.pages.path(p), p.path):
        ctx.tools.pages.set_path(p, p.path)
    return Done(_("it pointed at {path}", path=was.path))


def undo(p: SitePath, ctx: World) -> None:
    """Nothing was recorded: then nothing was set. Who resumes has decided that it may stay as it is."""
    was = ctx.recorded(Was)
    if was is None:
        return
    now = ctx.tools.pages.path(p)
    if like(now, was.path):
        return
    if not like(now, p.path):
        if ctx.resumed:
            return
        raise _changed(p, now, ctx)
    ctx.tools.pages.set_path(p, was.path)


def like(one: str, other: str) -> bool:
    """Whether Windows means the same folder, as it is written."""
    return one.rstrip("\\/").casefold() == other.rstrip("\\/").casefold()


def _changed(p: SitePath, now: str, ctx: World) -> IisChanged:
    return IisChanged(
        _("somebody else has pointed {directory} at {now}", directory=p.directory, now=now),
        state=_("it was left as it is"),
        hint=_("set it as it should be, then: smena run resume {run}", run=ctx.run),
    )
