"""place: merged configuration files into their places, by rename; what lay there is kept."""

from __future__ import annotations

import os
from pathlib import Path

from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.params import Place
from smena.run.step import Done, Kind
from smena.steps.tools import World


def do(p: Place, ctx: World) -> Done:
    """A file that had another name before gives that name up, but keeps its owner and mode."""
    point = ctx.tools.point
    for item in p.items:
        path, staged = Path(decode(item.file)), ctx.tools.folder / item.staged
        former = Path(decode(item.formerly)) if item.formerly else None
        wanted = None
        if former is not None and os.path.lexists(former):
            wanted = attributes.read(str(former))
            point.move_away(ctx.seq, former)
        point.write(ctx.seq, path, staged.read_bytes(), wanted)
    return Done()


def undo(_p: Place, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)


KIND = Kind(name="place", params=Place, do=do, undo=undo)
