"""keep: freeze a tree before foreign code changes it; undo puts it back."""

from __future__ import annotations

from pathlib import Path

from smena.host.paths import decode
from smena.plan.params import Keep
from smena.run.step import Done
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


def do(p: Keep, ctx: World) -> Done:
    copied = ctx.tools.copies.freeze(ctx.seq, Path(decode(p.path)), p.slot, watcher(ctx), always=p.always)
    if copied is None:
        return Done(_("{path} is not there: undo takes away what comes to be there", path=p.path))
    return Done(_("{files} files copied after the stop", files=copied.files))


def undo(_p: Keep, ctx: World) -> None:
    ctx.tools.copies.put_back(ctx.seq)


def tidy(p: Keep, ctx: World) -> None:
    """A copy that no way back wants is only in the way."""
    ctx.tools.copies.tidy(Path(decode(p.path)), p.slot)
