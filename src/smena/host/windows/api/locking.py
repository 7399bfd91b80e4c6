"""Locks on a part of an open file."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls
from smena.host.windows.numbers import LOCK

assert sys.platform == "win32"  # tells mypy too

_AT_ONCE, _ALONE = 1, 2


class _Place(ctypes.Structure):
    _fields_ = (
        ("internal", ctypes.c_size_t * 2),
        ("low", wintypes.DWORD),
        ("high", wintypes.DWORD),
        ("event", wintypes.HANDLE),
    )


_lock = calls.declared(
    calls.kernel32,
    "LockFileEx",
    wintypes.BOOL,
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.POINTER(_Place),
)
_unlock = calls.declared(
    calls.kernel32,
    "UnlockFileEx",
    wintypes.BOOL,
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.POINTER(_Place),
)


def taken(handle: int, place: int, *, alone: bool) -> bool:
    """Lock one byte at a place, which may lie behind the end, if nobody has it; not `alone` others may share it."""
    if _lock(handle, _AT_ONCE | (_ALONE if alone else 0), 0, 1, 0, ctypes.byref(_Place(low=place))):
        return True
    error = calls.failure()
    if error.winerror == LOCK:
        return False
    raise error


def given_back(handle: int, place: int) -> None:
    if not _unlock(handle, 0, 1, 0, ctypes.byref(_Place(low=place))):
        raise calls.failure()
