"""Progress for those who watch: often enough to be seen, seldom enough to cost nothing."""

from __future__ import annotations

from smena import clock
from smena.host.ports import Progress
from smena.steps.tools import World
from smena.text import _

_EVERY = 0.5


def watcher(ctx: World) -> Progress:
    """Says every half second how much was copied."""
    last = clock.ticks()

    def told(bytes_done: int, files_done: int) -> None:
        nonlocal last
        if clock.ticks() - last >= _EVERY:
            last = clock.ticks()
            ctx.say(_("{files} files, {megabytes} MB", files=files_done, megabytes=bytes_done // 1_000_000))

    return told
