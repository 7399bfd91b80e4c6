"""Mutexes that somebody else made under a name."""

from __future__ import annotations

import sys
from ctypes import wintypes

from smena.host.windows.api import calls, handles
from smena.host.windows.numbers import DENIED, NOT_FOUND

assert sys.platform == "win32"  # tells mypy too

_TIMEOUT, _FAILED = 0x102, 0xFFFFFFFF

_open = calls.declared(calls.kernel32, "OpenMutexW", wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, wintypes.LPCWSTR)
_wait = calls.declared(calls.kernel32, "WaitForSingleObject", wintypes.DWORD, wintypes.HANDLE, wintypes.DWORD)
_release = calls.declared(calls.kernel32, "ReleaseMutex", wintypes.BOOL, wintypes.HANDLE)


def owned(name: str) -> bool:
    """Whether somebody has it now. One that merely exists, or whose owner has died, is nobody's: it is had for an
    instant to tell, and given back."""
    number = _open(handles.SYNCHRONIZE, False, name)
    if not number:
        error = calls.failure()
        if error.winerror in (NOT_FOUND, DENIED):
            return error.winerror == DENIED
        raise error
    with handles.Handle(number):
        waited = _wait(number, 0)
        if waited == _FAILED:
            raise calls.failure()
        if waited == _TIMEOUT:
            return True
        calls.sure(_release(number))
    return False
