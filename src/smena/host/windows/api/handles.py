"""Handles of files and folders: opened by path or anew by handle, and closed."""

from __future__ import annotations

import ctypes
import msvcrt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import wintypes
from types import TracebackType
from typing import Self

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

READ_DATA, WRITE_DATA, ADD_DATA, READ_ATTRIBUTES, WRITE_ATTRIBUTES = 0x0001, 0x0002, 0x0004, 0x0080, 0x0100
DELETE, READ_CONTROL, WRITE_LIST, WRITE_OWNER, SYNCHRONIZE = 0x10000, 0x20000, 0x40000, 0x80000, 0x100000
READ, WRITE = 0x80000000, 0x40000000
ANYBODY = 7
"""Others may read, write, rename and remove it meanwhile: a running product shall not notice that it is looked at."""
CREATE_NEW, OPEN_EXISTING, OPEN_OR_CREATE = 1, 3, 4
_USUAL = 0x80
FOLDERS_TOO, POINT_ITSELF, UNNAMED_AFTER = 0x02000000, 0x00200000, 0x04000000
ITSELF = FOLDERS_TOO | POINT_ITSELF
"""The entry itself, be it a folder or a link."""

_create = calls.declared(
    calls.kernel32,
    "CreateFileW",
    wintypes.HANDLE,
    wintypes.LPCWSTR,
    wintypes.DWORD,
    wintypes.DWORD,
    ctypes.c_void_p,
    wintypes.DWORD,
    wintypes.DWORD,
    wintypes.HANDLE,
)
_reopen = calls.declared(
    calls.kernel32, "ReOpenFile", wintypes.HANDLE, wintypes.HANDLE, wintypes.DWORD, wintypes.DWORD, wintypes.DWORD
)
_close = calls.declared(calls.kernel32, "CloseHandle", wintypes.BOOL, wintypes.HANDLE)
_flush = calls.declared(calls.kernel32, "FlushFileBuffers", wintypes.BOOL, wintypes.HANDLE)


class Security(ctypes.Structure):
    """What a new entry's access is to be, as the calls that make one take it."""

    _fields_ = (("length", wintypes.DWORD), ("descriptor", ctypes.c_void_p), ("inherited", wintypes.BOOL))


class Handle:
    """A thing of the kernel's, ours until it is closed."""

    def __init__(self, number: int) -> None:
        self.number = number

    def close(self) -> None:
        number, self.number = self.number, 0
        if number:
            _close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def security(descriptor: bytes | None) -> Security | None:
    """For `opened` and `make_folder`; keeps the bytes alive as long as it lives."""
    if descriptor is None:
        return None
    held = ctypes.create_string_buffer(descriptor, len(descriptor))
    wanted = Security(ctypes.sizeof(Security), ctypes.addressof(held), False)
    wanted.held = held
    return wanted


def opened(
    path: str, access: int, flags: int = ITSELF, how: int = OPEN_EXISTING, access_list: bytes | None = None
) -> int:
    """A handle; whoever has it closes it. The path is in the long form."""
    return _created(path, access, how, flags, security(access_list))


def for_a_child(path: str, access: int, how: int) -> Handle:
    """One that a new process may be given."""
    return Handle(_created(path, access, how, _USUAL, Security(ctypes.sizeof(Security), None, True)))


@contextmanager
def handle(path: str, access: int, flags: int = ITSELF) -> Iterator[int]:
    found = opened(path, access, flags)
    try:
        yield found
    finally:
        _close(found)


@contextmanager
def again(descriptor: int, access: int) -> Iterator[int]:
    """What a descriptor has open, once more, for something that it was not opened for."""
    found = _reopen(msvcrt.get_osfhandle(descriptor), access, ANYBODY, FOLDERS_TOO)
    if found == calls.NOWHERE or found is None:
        raise calls.failure()
    try:
        yield int(found)
    finally:
        _close(found)


def _created(path: str, access: int, how: int, flags: int, wanted: Security | None) -> int:
    found = _create(path, access, ANYBODY, ctypes.byref(wanted) if wanted else None, how, flags, None)
    if found == calls.NOWHERE or found is None:
        raise calls.failure(path)
    return int(found)


def close(found: int) -> None:
    _close(found)


def flush(found: int, path: str) -> None:
    if not _flush(found):
        raise calls.failure(path)
