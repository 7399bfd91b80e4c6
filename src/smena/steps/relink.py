"""relink: point links in a folder into the new version."""

from __future__ import annotations

from pathlib import Path

from smena.errors import StepFailed
from smena.host import files
from smena.host.paths import decode
from smena.plan.params import Relink
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Relink, ctx: World) -> Done:
    folder = Path(decode(p.folder))
    there = {name: files.there(Path(decode(target))) for name, target in p.links.items()}
    lacking = [name for name, found in there.items() if not found and name not in p.optional]
    if lacking:
        raise StepFailed(_("the new version has no {target}", target=p.links[lacking[0]]))
    ctx.tools.point.link_all(ctx.seq, {folder / name: decode(p.links[name]) for name, found in there.items() if found})
    for name, found in there.items():
        if not found:
            ctx.tools.point.move_away(ctx.seq, folder / name)
    return Done()


def undo(_p: Relink, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
