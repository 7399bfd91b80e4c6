"""make-site and remove-site: the site of an instance comes to be, and goes into the restore point."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import msgspec

from smena.errors import SiteFailed
from smena.host.native import attributes
from smena.host.paths import encode
from smena.plan.life_params import MakeSite, RemoveSite
from smena.run.step import Done
from smena.steps.templates import filled
from smena.steps.tools import World
from smena.text import _


class Begun(msgspec.Struct, frozen=True):
    """Nothing lay in the site's place before."""


def make(p: MakeSite, ctx: World) -> Done:
    point = ctx.tools.point
    content = filled(p.template, p.values, ctx).encode("utf-8")
    if ctx.recorded(Begun) is None:
        taken = [path for path in ctx.tools.pages.places(p) if path.is_symlink() or path.exists()]
        if taken:
            raise SiteFailed(
                _("there is a site of this name already"),
                why=[_("{path} is there already", path=encode(path)) for path in taken],
            )
        ctx.record(Begun())
    ctx.tools.pages.lay(
        p, content, partial(_write, ctx), partial(point.link, ctx.seq), partial(point.put_back, ctx.seq)
    )
    return Done()


def _write(ctx: World, path: Path, content: bytes) -> None:
    ctx.tools.point.write(ctx.seq, path, content, attributes.own(0o644))


def undo_make(p: MakeSite, ctx: World) -> None:
    if ctx.recorded(Begun) is not None:
        ctx.tools.pages.back(p, partial(ctx.tools.point.put_back, ctx.seq))


def remove(p: RemoveSite, ctx: World) -> Done:
    point = ctx.tools.point
    ctx.tools.pages.take_away(p, partial(point.move_away, ctx.seq), partial(point.put_back, ctx.seq))
    return Done()


def undo_remove(p: RemoveSite, ctx: World) -> None:
    ctx.tools.pages.back(p, partial(ctx.tools.point.put_back, ctx.seq))
