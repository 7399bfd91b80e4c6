"""keep: freeze a tree before foreign code changes it; undo puts it back."""

from __future__ import annotations

from pathlib import Path

from smena.host.paths import decode
from smena.plan.params import Keep
from smena.run.step import Done, Kind
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


def do(p: Keep, ctx: World) -> Done:
    copied = ctx.tools.copies.freeze(ctx.seq, Path(decode(p.path)), p.slot, watcher(ctx))
    if copied is None:
        return Done(_("{path} is not there: undo takes away what comes to be there", path=p.path))
    return Done(_("{files} files copied after the stop", files=copied.files))


def undo(p: Keep, ctx: World) -> None:
    ctx.tools.copies.put_back(ctx.seq, Path(decode(p.path)), p.slot)


def discard(p: Keep, ctx: World) -> None:
    """After a way back on which nothing was swapped, the copy is of no more use."""
    entries = ctx.tools.point.journal.kept(ctx.seq)
    undone = ctx.tools.point.journal.step(ctx.seq).status == "undone"
    if undone and all(entry.state != "put back" for entry in entries):
        ctx.tools.copies.discard(Path(decode(p.path)), p.slot)


KIND = Kind(name="keep", params=Keep, do=do, undo=undo, cleanup=discard)
