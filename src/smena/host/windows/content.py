"""A file's content on Windows: read and written piece by piece."""

from __future__ import annotations

import os
from collections.abc import Callable

from smena.host.windows.unfit import unfit
from smena.text import _

_PIECE = 1024 * 1024


def copy(source: int, target: int, told: Callable[[int], None], seen: Callable[[bytes], object] | None = None) -> None:
    while piece := os.read(source, _PIECE):
        if seen is not None:
            seen(piece)
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(target, rest) :]
        told(len(piece))


def read(descriptor: int, seen: Callable[[bytes], object]) -> None:
    """Everything in an open file, from its beginning."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    while piece := os.read(descriptor, _PIECE):
        seen(piece)


def allocate(descriptor: int, size: int) -> None:
    raise unfit(_("set room aside on a disk"))


def allocated(info: os.stat_result) -> int:
    raise unfit(_("measure what a file takes up"))
