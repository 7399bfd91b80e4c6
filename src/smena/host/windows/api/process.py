"""One process, held by a handle: as long as it is held, its number is nobody else's."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls, handles

assert sys.platform == "win32"  # tells mypy too

LOOK = 0x1000 | 0x100000
"""PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE: given for nearly every process."""
END = LOOK | 0x0001
READ = LOOK | 0x0400 | 0x0010
FOREVER = 0xFFFFFFFF
GONE = 87
"""A process of this number there is not (or no more): ERROR_INVALID_PARAMETER."""

_TIMEOUT = 258
_LONGEST = 32768

_HANDLE, _DWORD, _BOOL, _POINTER = wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, ctypes.c_void_p
_TIME = ctypes.POINTER(wintypes.FILETIME)

_open = calls.declared(calls.kernel32, "OpenProcess", _HANDLE, _DWORD, _BOOL, _DWORD)
_times = calls.declared(calls.kernel32, "GetProcessTimes", _BOOL, _HANDLE, _TIME, _TIME, _TIME, _TIME)
_number = calls.declared(calls.kernel32, "GetProcessId", _DWORD, _HANDLE)
_wait = calls.declared(calls.kernel32, "WaitForSingleObject", _DWORD, _HANDLE, _DWORD)
_status = calls.declared(calls.kernel32, "GetExitCodeProcess", _BOOL, _HANDLE, ctypes.POINTER(_DWORD))
_terminate = calls.declared(calls.kernel32, "TerminateProcess", _BOOL, _HANDLE, wintypes.UINT)
_image = calls.declared(
    calls.kernel32, "QueryFullProcessImageNameW", _BOOL, _HANDLE, _DWORD, wintypes.LPWSTR, ctypes.POINTER(_DWORD)
)
_read = calls.declared(
    calls.kernel32,
    "ReadProcessMemory",
    _BOOL,
    _HANDLE,
    _POINTER,
    _POINTER,
    ctypes.c_size_t,
    ctypes.POINTER(ctypes.c_size_t),
)
_me = calls.declared(calls.kernel32, "GetCurrentProcess", _HANDLE)


def opened(pid: int, rights: int) -> handles.Handle | None:
    """The process of this very number, which may have ended already; None where there is none."""
    number = _open(rights, False, pid)
    if not number:
        if ctypes.get_last_error() == GONE:
            return None
        raise calls.failure()
    handle = handles.Handle(number)
    if _number(number) != pid:  # Windows rounds a number down to one that there is
        handle.close()
        return None
    return handle


def started(handle: handles.Handle) -> int:
    """When it came to be, in units of 100 ns."""
    born, ended, inside, outside = (wintypes.FILETIME() for _part in range(4))
    calls.sure(_times(handle.number, *(ctypes.byref(part) for part in (born, ended, inside, outside))))
    return (born.dwHighDateTime << 32) + born.dwLowDateTime


def ends_within(handle: handles.Handle, milliseconds: int) -> bool:
    """Wait for its end; at once with 0."""
    found = _wait(handle.number, milliseconds)
    if found not in (0, _TIMEOUT):
        raise calls.failure()
    return bool(found == 0)


def status(handle: handles.Handle) -> int:
    """How it ended; to be asked of one that has."""
    number = _DWORD()
    calls.sure(_status(handle.number, ctypes.byref(number)))
    return int(number.value)


def terminate(handle: handles.Handle) -> None:
    """End it, whatever it does. One that ends already is refused, and that is fine."""
    if not _terminate(handle.number, 1) and not ends_within(handle, 0):
        raise calls.failure()


def image(handle: handles.Handle) -> str:
    """Where its program lies."""
    size = _DWORD(_LONGEST)
    text = ctypes.create_unicode_buffer(_LONGEST)
    calls.sure(_image(handle.number, 0, text, ctypes.byref(size)))
    return text.value


def memory(handle: handles.Handle, address: int, size: int) -> bytes:
    """As much of this piece of its memory as can be read."""
    content, got = ctypes.create_string_buffer(size), ctypes.c_size_t()
    _read(handle.number, address, content, size, ctypes.byref(got))
    return content.raw[: got.value]


def ours() -> handles.Handle:
    """This process; the handle is only a word for it and needs no closing."""
    return handles.Handle(_me())
