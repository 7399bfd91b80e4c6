"""Volumes: which there are, where they hang, of what kind they are."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from ctypes import wintypes
from typing import NamedTuple

from smena.host.windows.api import calls
from smena.host.windows.long_paths import usual

assert sys.platform == "win32"  # tells mypy too

REMOVABLE, NETWORK, DISC, MEMORY = 2, 4, 5, 6
KEEPS_ACCESS_LISTS, READ_ONLY, HAS_POINTS, SHARES_BLOCKS = 0x8, 0x80000, 0x80, 0x8000000
_LONG = 32768

_first = calls.declared(calls.kernel32, "FindFirstVolumeW", wintypes.HANDLE, wintypes.LPWSTR, wintypes.DWORD)
_next = calls.declared(
    calls.kernel32, "FindNextVolumeW", wintypes.BOOL, wintypes.HANDLE, wintypes.LPWSTR, wintypes.DWORD
)
_end = calls.declared(calls.kernel32, "FindVolumeClose", wintypes.BOOL, wintypes.HANDLE)
_paths = calls.declared(
    calls.kernel32,
    "GetVolumePathNamesForVolumeNameW",
    wintypes.BOOL,
    wintypes.LPCWSTR,
    wintypes.LPWSTR,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
)
_letters = calls.declared(calls.kernel32, "GetLogicalDrives", wintypes.DWORD)
_kind = calls.declared(calls.kernel32, "GetDriveTypeW", wintypes.UINT, wintypes.LPCWSTR)
_root = calls.declared(
    calls.kernel32, "GetVolumePathNameW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.LPWSTR, wintypes.DWORD
)
_name = calls.declared(
    calls.kernel32,
    "GetVolumeNameForVolumeMountPointW",
    wintypes.BOOL,
    wintypes.LPCWSTR,
    wintypes.LPWSTR,
    wintypes.DWORD,
)
_about = calls.declared(
    calls.kernel32,
    "GetVolumeInformationW",
    wintypes.BOOL,
    wintypes.LPCWSTR,
    wintypes.LPWSTR,
    wintypes.DWORD,
    ctypes.POINTER(wintypes.DWORD),
    ctypes.POINTER(wintypes.DWORD),
    ctypes.POINTER(wintypes.DWORD),
    wintypes.LPWSTR,
    wintypes.DWORD,
)


class About(NamedTuple):
    """The file system's name, what it can do, and what kind of drive it lies on."""

    system: str
    flags: int
    drive: int


def names() -> Iterator[str]:
    r"""Of all local volumes, as `\\?\Volume{…}\`."""
    buffer = ctypes.create_unicode_buffer(_LONG)
    search = _first(buffer, _LONG)
    if search == calls.NOWHERE:
        return
    try:
        yield buffer.value
        while _next(search, buffer, _LONG):
            yield buffer.value
    finally:
        _end(search)


def points(volume: str) -> list[str]:
    """Where a volume hangs: letters and folders."""
    buffer, size = ctypes.create_unicode_buffer(_LONG), wintypes.DWORD()
    if not _paths(volume, buffer, _LONG, ctypes.byref(size)):
        return []
    return [path for path in "".join(buffer[: size.value]).split("\0") if path]


def letters() -> list[str]:
    """The roots of all drives, those of the network too."""
    found = int(_letters())
    return [f"{chr(65 + number)}:\\" for number in range(26) if found >> number & 1]


def root(path: str) -> str:
    """The point at which the volume of a path hangs."""
    buffer = ctypes.create_unicode_buffer(_LONG)
    if not _root(path, buffer, _LONG):
        raise calls.failure(path)
    return usual(buffer.value)


def about(point: str) -> About | None:
    """None where there is nothing: a drive without a disc in it."""
    system, flags = ctypes.create_unicode_buffer(64), wintypes.DWORD()
    if not _about(point, None, 0, None, None, ctypes.byref(flags), system, 64):
        return None
    return About(system.value, flags.value, int(_kind(point)))


def device(point: str) -> str | None:
    r"""The volume itself, `\\?\Volume{…}`, that hangs at a point; None where it is of no disk of this host."""
    buffer = ctypes.create_unicode_buffer(64)
    return buffer.value.rstrip("\\") if _name(point, buffer, 64) else None
