"""The few Linux calls that Python does not offer."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable

assert sys.platform != "win32"  # tells mypy too

_libc = ctypes.CDLL(None, use_errno=True)
_AT_FDCWD = -100
_NO_REPLACE = 1
_WRITE = 2
_WAIT_BEFORE_WRITE_WAIT_AFTER = 7


def syncfs(descriptor: int) -> None:
    """Everything that was written to this file system is on the disk when it returns; a lost write is an error."""
    _call(_libc.syncfs, descriptor)


def write_out(descriptor: int) -> None:
    """Write a file's changed pages out, without a flush of the disk's cache: cheap where nothing is changed."""
    _call(_libc.sync_file_range, descriptor, ctypes.c_int64(0), ctypes.c_int64(0), _WAIT_BEFORE_WRITE_WAIT_AFTER)


def begin_to_write(descriptor: int) -> None:
    """Have a file's changed pages on their way to the disk, without waiting: nothing is promised by it."""
    _call(_libc.sync_file_range, descriptor, ctypes.c_int64(0), ctypes.c_int64(0), _WRITE)


def rename_new(old: str, new: str) -> None:
    """Rename; an existing target is an error instead of being replaced."""
    _call(_libc.renameat2, _AT_FDCWD, os.fsencode(old), _AT_FDCWD, os.fsencode(new), _NO_REPLACE)


def _call(function: Callable[..., int], *arguments: object) -> None:
    """As Python's own calls: an error is an OSError, a signal in between is no error."""
    while function(*arguments) != 0:
        number = ctypes.get_errno()
        if number != errno.EINTR:
            raise OSError(number, os.strerror(number))
