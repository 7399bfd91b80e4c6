"""remove: what matches moves into the restore point; nothing is deleted."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.host.paths import decode, encode
from smena.plan.params import Remove
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


class Chosen(msgspec.Struct, frozen=True):
    """What matched the first time: a repetition must not choose anew among what is left."""

    paths: tuple[str, ...]


def do(p: Remove, ctx: World) -> Done:
    chosen = ctx.recorded(Chosen)
    if chosen is None:
        folder = Path(decode(p.folder))
        found = sorted({match for name in p.names for match in folder.glob(name)})
        chosen = Chosen(tuple(encode(path) for path in found))
        ctx.record(chosen)
    for path in chosen.paths:
        ctx.tools.point.move_away(ctx.seq, Path(decode(path)))
    return Done(_("{count} moved into the restore point", count=len(chosen.paths)))


def undo(_p: Remove, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
