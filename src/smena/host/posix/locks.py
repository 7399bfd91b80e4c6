"""File locks on Linux: flock belongs to the open file, so death releases it."""

from __future__ import annotations

import fcntl
import sys

assert sys.platform != "win32"  # tells mypy too


def try_lock(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    fcntl.flock(descriptor, fcntl.LOCK_UN)
