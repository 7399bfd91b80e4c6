"""The system's tables of TCP ports."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

IPV4, IPV6 = 2, 23
_LISTENING_WITH_OWNER = 3
_TOO_SMALL = 122
_NO_SUCH_FAMILY = (50, 87)

_table = calls.declared(
    ctypes.WinDLL("iphlpapi"),
    "GetExtendedTcpTable",
    wintypes.DWORD,
    ctypes.c_void_p,
    ctypes.POINTER(wintypes.DWORD),
    wintypes.BOOL,
    wintypes.ULONG,
    ctypes.c_int,
    wintypes.ULONG,
)


def listening(family: int) -> bytes:
    """The table of one family as it is; none where the host does not speak it."""
    size = wintypes.DWORD(1 << 16)
    while True:
        room = ctypes.create_string_buffer(size.value)
        error = _table(room, ctypes.byref(size), False, family, _LISTENING_WITH_OWNER, 0)
        if error == 0:
            return room.raw
        if error in _NO_SUCH_FAMILY:
            return bytes(4)
        if error != _TOO_SMALL:
            raise calls.failure(number=error)
