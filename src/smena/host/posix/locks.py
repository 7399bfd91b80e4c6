"""File locks on Linux: flock belongs to the open file, so death releases it."""

from __future__ import annotations

import fcntl
import sys

assert sys.platform != "win32"  # tells mypy too


def try_lock(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    return _taken(descriptor, fcntl.LOCK_EX)


def try_share(descriptor: int) -> bool:
    """Take it beside others who share it, if nobody has it alone."""
    return _taken(descriptor, fcntl.LOCK_SH)


def unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)


def _taken(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
