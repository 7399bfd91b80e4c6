"""Who holds files, as the Restart Manager knows it: programs and services that have one of them open."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from ctypes import wintypes

from smena.host.windows.api import calls
from smena.host.windows.long_paths import usual
from smena.host.windows.numbers import MORE_DATA

assert sys.platform == "win32"  # tells mypy too

_KEY = 33
_TRIES = 5


class _Program(ctypes.Structure):
    _fields_ = (
        ("pid", wintypes.DWORD),
        ("started", wintypes.DWORD * 2),
        ("name", wintypes.WCHAR * 256),
        ("service", wintypes.WCHAR * 64),
        ("kind", ctypes.c_int),
        ("status", wintypes.ULONG),
        ("session", wintypes.DWORD),
        ("can_restart", wintypes.BOOL),
    )


_UINTS = ctypes.POINTER(wintypes.UINT)


def holders(path: str) -> list[tuple[int, str]]:
    """Processes that have a file open: number and name. Of a folder none is known, only of files in it."""
    return holders_of([path])


def holders_of(paths: Sequence[str]) -> list[tuple[int, str]]:
    """Nobody, too, where the Restart Manager gives no answer."""
    library = ctypes.WinDLL("rstrtmgr")
    start = calls.declared(
        library, "RmStartSession", wintypes.DWORD, ctypes.POINTER(wintypes.DWORD), wintypes.DWORD, wintypes.LPWSTR
    )
    session, key = wintypes.DWORD(), ctypes.create_unicode_buffer(_KEY)
    if start(ctypes.byref(session), 0, key):
        return []
    try:
        return _programs(library, session, paths) if _registered(library, session, paths) else []
    finally:
        calls.declared(library, "RmEndSession", wintypes.DWORD, wintypes.DWORD)(session)


def _registered(library: ctypes.WinDLL, session: wintypes.DWORD, paths: Sequence[str]) -> bool:
    register = calls.declared(
        library,
        "RmRegisterResources",
        wintypes.DWORD,
        wintypes.DWORD,
        wintypes.UINT,
        ctypes.POINTER(wintypes.LPCWSTR),
        wintypes.UINT,
        ctypes.c_void_p,
        wintypes.UINT,
        ctypes.c_void_p,
    )
    names = (wintypes.LPCWSTR * len(paths))(*(usual(path) for path in paths))
    return not register(session, len(paths), names, 0, None, 0, None)


def _programs(library: ctypes.WinDLL, session: wintypes.DWORD, paths: Sequence[str]) -> list[tuple[int, str]]:
    """Asked again while there are more of them than room was made for."""
    ask = calls.declared(
        library,
        "RmGetList",
        wintypes.DWORD,
        wintypes.DWORD,
        _UINTS,
        _UINTS,
        ctypes.c_void_p,
        ctypes.POINTER(wintypes.DWORD),
    )
    room = 16
    for _try in range(_TRIES):
        needed, count, reasons = wintypes.UINT(), wintypes.UINT(room), wintypes.DWORD()
        found = (_Program * room)()
        status = ask(session, ctypes.byref(needed), ctypes.byref(count), found, ctypes.byref(reasons))
        if status == 0:
            return sorted((one.pid, one.name or one.service) for one in found[: count.value])
        if status != MORE_DATA:
            return []
        room = needed.value + 16
    return []
