"""first-copy: begin a large copy while the instance still runs.

`keep` brings it up to date after the stop, to go back; `carry-over`, to go on.
"""

from __future__ import annotations

from pathlib import Path

from smena.host.paths import decode
from smena.plan.params import FirstCopy
from smena.run.step import Done
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


def do(p: FirstCopy, ctx: World) -> Done:
    path, progress = Path(decode(p.path)), watcher(ctx)
    if p.to is None:
        copied = ctx.tools.copies.first(path, p.slot, progress)
    else:
        copied = ctx.tools.ahead.begin(path, Path(decode(p.to)), p.slot, progress)
    if copied is None:
        return Done(_("nothing to copy"))
    return Done(_("{files} files, {bytes} bytes", files=copied.files, bytes=copied.bytes))


def tidy(p: FirstCopy, ctx: World) -> None:
    """A copy that nobody froze, or that no way back wants, is only in the way."""
    if p.to is None:
        ctx.tools.copies.tidy(Path(decode(p.path)), p.slot)
    else:
        ctx.tools.ahead.tidy(p.slot)
