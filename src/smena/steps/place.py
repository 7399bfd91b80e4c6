"""place: merged configuration files into their places, by rename; what lay there is kept."""

from __future__ import annotations

from pathlib import Path

from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.params import Place
from smena.run.step import Done
from smena.steps.tools import World


def do(p: Place, ctx: World) -> Done:
    ctx.tools.point.save_all(ctx.seq, [Path(decode(item.file)) for item in p.items])
    for item in p.items:
        former = Path(decode(item.formerly)) if item.formerly else None
        _place(ctx, Path(decode(item.file)), ctx.tools.folder / item.staged, former)
    return Done()


def _place(ctx: World, path: Path, staged: Path, former: Path | None) -> None:
    """A file that had another name before gives that name up, but keeps its owner and mode.

    It goes last: a repetition after a death still has to find whose it was.
    """
    named_so = former is not None and files.there(former)
    wanted = attributes.read(str(former)) if named_so and not files.there(path) else None
    ctx.tools.point.write(ctx.seq, path, staged.read_bytes(), wanted)
    if former is not None and named_so:
        ctx.tools.point.move_away(ctx.seq, former)


def undo(_p: Place, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
