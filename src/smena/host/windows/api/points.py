"""Reparse points of an open entry: read, set, taken away."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

_SET, _GET = 0x900A4, 0x900A8
_LARGEST = 16 * 1024

_control = calls.declared(
    calls.kernel32,
    "DeviceIoControl",
    wintypes.BOOL,
    wintypes.HANDLE,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
    ctypes.c_void_p,
)


def read(handle: int, path: str) -> bytes:
    into, size = ctypes.create_string_buffer(_LARGEST), wintypes.DWORD()
    if not _control(handle, _GET, None, 0, into, _LARGEST, ctypes.byref(size), None):
        raise calls.failure(path)
    return into.raw[: size.value]


def put(handle: int, data: bytes, path: str) -> None:
    """Make the entry a link, or lead the one that it is elsewhere, in one change of the file system."""
    size = wintypes.DWORD()
    if not _control(handle, _SET, data, len(data), None, 0, ctypes.byref(size), None):
        raise calls.failure(path)
