"""What the kernel knows of all processes at once, which needs no rights to any of them, and of the time."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls, handles

assert sys.platform == "win32"  # tells mypy too

_NT = ctypes.WinDLL("ntdll")
_TIME_OF_DAY, _PROCESSES, _BASIC = 3, 5, 0
_TOO_SMALL = 0xC0000004
_ROOM = 1 << 20

_query = calls.declared(
    _NT,
    "NtQuerySystemInformation",
    ctypes.c_uint32,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.ULONG,
    ctypes.POINTER(wintypes.ULONG),
)
_of_process = calls.declared(
    _NT,
    "NtQueryInformationProcess",
    ctypes.c_uint32,
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.ULONG,
    ctypes.c_void_p,
)
_error = calls.declared(_NT, "RtlNtStatusToDosError", wintypes.ULONG, ctypes.c_uint32)


def processes() -> tuple[bytes, int]:
    """The table, and where it lay: names in it are told by their addresses."""
    size = _ROOM
    while True:
        room, needed = ctypes.create_string_buffer(size), wintypes.ULONG()
        status = _query(_PROCESSES, room, size, ctypes.byref(needed))
        if status == 0:
            return room.raw, ctypes.addressof(room)
        if status != _TOO_SMALL:
            raise calls.failure(number=_error(status))
        size = max(size * 2, needed.value + _ROOM)


def time_of_day() -> bytes:
    room = ctypes.create_string_buffer(48)
    status = _query(_TIME_OF_DAY, room, 48, None)
    if status:
        raise calls.failure(number=_error(status))
    return room.raw


def block_address(handle: handles.Handle) -> int:
    """Where a process's own block (PEB) lies in its memory."""
    room = ctypes.create_string_buffer(48)
    status = _of_process(handle.number, _BASIC, room, 48, None)
    if status:
        raise calls.failure(number=_error(status))
    return int.from_bytes(room.raw[8:16], "little")
