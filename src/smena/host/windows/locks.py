"""File locks on Windows: one byte far behind the text, so that the text stays readable for others."""

from __future__ import annotations

import msvcrt
import os
import sys

assert sys.platform == "win32"  # tells mypy too

_PLACE = 1 << 30


def try_lock(descriptor: int) -> bool:
    os.lseek(descriptor, _PLACE, os.SEEK_SET)
    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def unlock(descriptor: int) -> None:
    os.lseek(descriptor, _PLACE, os.SEEK_SET)
    msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
