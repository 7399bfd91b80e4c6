"""A file's content on Windows: read and written piece by piece."""

from __future__ import annotations

import os
from collections.abc import Callable

from smena.host.windows.unfit import unfit
from smena.text import _

_PIECE = 1024 * 1024


def copy(source: int, target: int, told: Callable[[int], None]) -> None:
    while piece := os.read(source, _PIECE):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(target, rest) :]
        told(len(piece))


def same(one: int, other: int, seen: Callable[[bytes], object]) -> bool:
    """Whether two open files hold the same, read from their beginning; `seen` is given what they hold."""
    for descriptor in (one, other):
        os.lseek(descriptor, 0, os.SEEK_SET)
    while (piece := os.read(one, _PIECE)) == os.read(other, _PIECE):
        if not piece:
            return True
        seen(piece)
    return False


def allocate(descriptor: int, size: int) -> None:
    raise unfit(_("set room aside on a disk"))


def allocated(info: os.stat_result) -> int:
    raise unfit(_("measure what a file takes up"))
