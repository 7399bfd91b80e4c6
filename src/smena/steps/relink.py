"""relink: point links in a folder into the new version."""

from __future__ import annotations

import os
from pathlib import Path

from smena.errors import StepFailed
from smena.host.paths import decode
from smena.plan.params import Relink
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Relink, ctx: World) -> Done:
    folder = Path(decode(p.folder))
    for name, target in p.links.items():
        if os.path.lexists(decode(target)):
            ctx.tools.point.link(ctx.seq, folder / name, decode(target))
        elif name in p.optional:
            ctx.tools.point.move_away(ctx.seq, folder / name)
        else:
            raise StepFailed(_("the new version has no {target}", target=target))
    return Done()


def undo(_p: Relink, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
