"""carry: a tree to its new place, proven by hash; the old one moves into the restore point.

The copy is made under a hidden name beside the new place and gets its name only when it is proven, so
a death leaves the old tree whole and a copy that the next attempt begins anew.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.errors import PathUnfit, StepFailed
from smena.host import copy, files, fingerprint, removal
from smena.host.paths import decode, encode
from smena.plan.life_params import Carry
from smena.run.step import Done
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


class Began(msgspec.Struct, frozen=True):
    """The new place was free, and these folders above it were missing."""

    above: tuple[str, ...]


def do(p: Carry, ctx: World) -> Done:
    source, target = Path(decode(p.source)), Path(decode(p.target))
    began = ctx.recorded(Began) or _begin(target, ctx)
    if began.above:
        files.make_folder(target.parent)
    if not files.there(target):
        _copy(source, target, ctx)
    faults.point("carry.copied")
    ctx.tools.point.move_away(ctx.seq, source)
    return Done(_("the copy is the same, byte for byte; the old one is kept"))


def undo(p: Carry, ctx: World) -> None:
    began = ctx.recorded(Began)
    if began is None:
        return
    target = Path(decode(p.target))
    if target.parent.is_dir():
        removal.clear(files.temporary(target))
    ctx.tools.point.put_back(ctx.seq)
    for path in reversed(began.above):
        files.tidy(Path(decode(path)))
        removal.remove_empty(Path(decode(path)))


def _begin(target: Path, ctx: World) -> Began:
    if files.there(target) and not removal.remove_empty(target):
        raise PathUnfit(_("{path} is not free: something lies there", path=encode(target)))
    above = [folder for folder in reversed(target.parents) if not files.there(folder)]
    began = Began(tuple(encode(folder) for folder in above))
    ctx.record(began)
    return began


def _copy(source: Path, target: Path, ctx: World) -> None:
    fresh = files.temporary(target)
    removal.clear(fresh)
    ctx.tools.point.save(ctx.seq, target)  # there was nothing: undo moves the copy aside
    copy.first_copy(source, fresh, ctx.tools.folder / f"carry-{ctx.seq}.list", live=False, progress=watcher(ctx))
    if fingerprint.take(source, times=True).digest != fingerprint.take(fresh, times=True).digest:
        raise StepFailed(_("the copy of {path} is not the same", path=encode(source)))
    faults.point("carry.proven")
    files.rename(fresh, target)
