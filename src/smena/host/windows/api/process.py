"""One process, held by a handle: as long as it is held, its number is nobody else's."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import kernel

assert sys.platform == "win32"  # tells mypy too

LOOK = 0x1000 | 0x100000
"""PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE: given for nearly every process."""
END = LOOK | 0x0001
READ = LOOK | 0x0400 | 0x0010
FOREVER = 0xFFFFFFFF

_TIMEOUT = 258
_LONGEST = 32768

_HANDLE, _DWORD, _BOOL, _POINTER = wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, ctypes.c_void_p
_TIME = ctypes.POINTER(wintypes.FILETIME)

_open = kernel.KERNEL32.OpenProcess
_open.argtypes, _open.restype = [_DWORD, _BOOL, _DWORD], _HANDLE
_times = kernel.KERNEL32.GetProcessTimes
_times.argtypes, _times.restype = [_HANDLE, _TIME, _TIME, _TIME, _TIME], _BOOL
_number = kernel.KERNEL32.GetProcessId
_number.argtypes, _number.restype = [_HANDLE], _DWORD
_wait = kernel.KERNEL32.WaitForSingleObject
_wait.argtypes, _wait.restype = [_HANDLE, _DWORD], _DWORD
_status = kernel.KERNEL32.GetExitCodeProcess
_status.argtypes, _status.restype = [_HANDLE, ctypes.POINTER(_DWORD)], _BOOL
_terminate = kernel.KERNEL32.TerminateProcess
_terminate.argtypes, _terminate.restype = [_HANDLE, wintypes.UINT], _BOOL
_image = kernel.KERNEL32.QueryFullProcessImageNameW
_image.argtypes, _image.restype = [_HANDLE, _DWORD, wintypes.LPWSTR, ctypes.POINTER(_DWORD)], _BOOL
_read = kernel.KERNEL32.ReadProcessMemory
_read.argtypes = [_HANDLE, _POINTER, _POINTER, ctypes.c_size_t, ctypes.POINTER(ctypes.c_size_t)]
_read.restype = _BOOL
_me = kernel.KERNEL32.GetCurrentProcess
_me.argtypes, _me.restype = [], _HANDLE


def opened(pid: int, rights: int) -> kernel.Handle | None:
    """The process of this very number, which may have ended already; None where there is none."""
    number = _open(rights, False, pid)
    if not number:
        if ctypes.get_last_error() == kernel.GONE:
            return None
        raise kernel.failure()
    handle = kernel.Handle(number)
    if _number(number) != pid:  # Windows rounds a number down to one that there is
        handle.close()
        return None
    return handle


def started(handle: kernel.Handle) -> int:
    """When it came to be, in units of 100 ns."""
    born, ended, inside, outside = (wintypes.FILETIME() for _part in range(4))
    kernel.sure(_times(handle.number, *(ctypes.byref(part) for part in (born, ended, inside, outside))))
    return (born.dwHighDateTime << 32) + born.dwLowDateTime


def ends_within(handle: kernel.Handle, milliseconds: int) -> bool:
    """Wait for its end; at once with 0."""
    found = _wait(handle.number, milliseconds)
    if found not in (0, _TIMEOUT):
        raise kernel.failure()
    return bool(found == 0)


def status(handle: kernel.Handle) -> int:
    """How it ended; to be asked of one that has."""
    number = _DWORD()
    kernel.sure(_status(handle.number, ctypes.byref(number)))
    return int(number.value)


def terminate(handle: kernel.Handle) -> None:
    """End it, whatever it does. One that ends already is refused, and that is fine."""
    if not _terminate(handle.number, 1) and not ends_within(handle, 0):
        raise kernel.failure()


def image(handle: kernel.Handle) -> str:
    """Where its program lies."""
    size = _DWORD(_LONGEST)
    text = ctypes.create_unicode_buffer(_LONGEST)
    kernel.sure(_image(handle.number, 0, text, ctypes.byref(size)))
    return text.value


def memory(handle: kernel.Handle, address: int, size: int) -> bytes:
    """As much of this piece of its memory as can be read."""
    content, got = ctypes.create_string_buffer(size), ctypes.c_size_t()
    _read(handle.number, address, content, size, ctypes.byref(got))
    return content.raw[: got.value]


def ours() -> kernel.Handle:
    """This process; the handle is only a word for it and needs no closing."""
    return kernel.Handle(_me())
