"""Handles that a new process reads and writes: a log that it can only add to, and nothing to read."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import kernel

assert sys.platform == "win32"  # tells mypy too

_ADD, _READ, _WAITED_FOR = 0x4, 0x80000000, 0x100000
_EVERYBODY = 0x7
"""Others may read, write, move and remove it meanwhile."""
_OPEN, _OPEN_OR_MAKE = 3, 4
_INVALID = ctypes.c_void_p(-1).value

_create = kernel.KERNEL32.CreateFileW
_create.argtypes = [
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.HANDLE,
]
_create.restype = wintypes.HANDLE


class _Security(ctypes.Structure):
    """SECURITY_ATTRIBUTES that only say: a new process may have this handle."""

    _fields_ = (("size", wintypes.DWORD), ("descriptor", ctypes.c_void_p), ("inherited", wintypes.BOOL))


def adding_to(path: str) -> kernel.Handle:
    """Whoever has it writes at the end, wherever that is by then."""
    return _opened(path, _ADD | _WAITED_FOR, _OPEN_OR_MAKE)


def nothing() -> kernel.Handle:
    return _opened("NUL", _READ, _OPEN)


def _opened(path: str, access: int, how: int) -> kernel.Handle:
    inherited = _Security(ctypes.sizeof(_Security), None, True)
    number = _create(path, access, _EVERYBODY, ctypes.byref(inherited), how, 0x80, None)
    if number is None or number == _INVALID:
        raise kernel.failure(path)
    return kernel.Handle(number)
