"""What the system knows of an open file or folder, and the little of it that is set through a handle."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from typing import NamedTuple

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

_BASIC, _STANDARD, _END, _TAG, _IDENTITY = 0, 1, 6, 9, 18
_EPOCH = 116444736000000000
_MANY = 0x9E3779B97F4A7C15


class _Basic(ctypes.Structure):
    _fields_ = (
        ("created", ctypes.c_int64),
        ("accessed", ctypes.c_int64),
        ("written", ctypes.c_int64),
        ("changed", ctypes.c_int64),
        ("marks", wintypes.DWORD),
    )


class _Standard(ctypes.Structure):
    _fields_ = (
        ("allocated", ctypes.c_int64),
        ("size", ctypes.c_int64),
        ("links", wintypes.DWORD),
        ("deleting", ctypes.c_ubyte),
        ("folder", ctypes.c_ubyte),
    )


class _Tag(ctypes.Structure):
    _fields_ = (("marks", wintypes.DWORD), ("tag", wintypes.DWORD))


class _Identity(ctypes.Structure):
    _fields_ = (("volume", ctypes.c_uint64), ("low", ctypes.c_uint64), ("high", ctypes.c_uint64))


class _ByHandle(ctypes.Structure):
    _fields_ = (
        ("marks", wintypes.DWORD),
        ("times", wintypes.DWORD * 6),
        ("volume", wintypes.DWORD),
        ("size_high", wintypes.DWORD),
        ("size_low", wintypes.DWORD),
        ("links", wintypes.DWORD),
        ("index_high", wintypes.DWORD),
        ("index_low", wintypes.DWORD),
    )


class Basic(NamedTuple):
    """Times in nanoseconds since 1970, and the marks (read-only, hidden, …)."""

    created: int
    accessed: int
    written: int
    changed: int
    marks: int


class Whole(NamedTuple):
    """Everything else: where it is, how many names it has, how large it is."""

    volume: int
    number: int
    links: int
    size: int


_get = calls.declared(
    calls.kernel32,
    "GetFileInformationByHandleEx",
    wintypes.BOOL,
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
)
_set = calls.declared(
    calls.kernel32,
    "SetFileInformationByHandle",
    wintypes.BOOL,
    wintypes.HANDLE,
    ctypes.c_int,
    ctypes.c_void_p,
    wintypes.DWORD,
)
_by_handle = calls.declared(
    calls.kernel32, "GetFileInformationByHandle", wintypes.BOOL, wintypes.HANDLE, ctypes.POINTER(_ByHandle)
)


def basic(handle: int, path: str) -> Basic:
    found = _Basic()
    _asked(handle, _BASIC, found, path)
    return Basic(_ns(found.created), _ns(found.accessed), _ns(found.written), _ns(found.changed), found.marks)


def whole(handle: int, path: str) -> Whole:
    found = _ByHandle()
    if not _by_handle(handle, ctypes.byref(found)):
        raise calls.failure(path)
    index, size = found.index_high << 32 | found.index_low, found.size_high << 32 | found.size_low
    return Whole(found.volume, _number(handle, index), found.links, size)


def volume(handle: int, path: str) -> int:
    """The long number of the volume; the short one where the system has no other."""
    found = _Identity()
    if _get(handle, _IDENTITY, ctypes.byref(found), ctypes.sizeof(found)):
        return int(found.volume)
    return whole(handle, path).volume


def tag(handle: int, path: str) -> int:
    """What kind of reparse point it is; 0 for none."""
    found = _Tag()
    _asked(handle, _TAG, found, path)
    return int(found.tag)


def allocated(handle: int, path: str) -> int:
    found = _Standard()
    _asked(handle, _STANDARD, found, path)
    return int(found.allocated)


def set_size(handle: int, size: int, path: str) -> None:
    wanted = ctypes.c_int64(size)
    if not _set(handle, _END, ctypes.byref(wanted), ctypes.sizeof(wanted)):
        raise calls.failure(path)


def set_times(handle: int, accessed: int, written: int, path: str) -> None:
    """0 leaves a time as it is, and so are creation, change and marks."""
    _change(handle, _Basic(0, _ticks(accessed), _ticks(written), 0, 0), path)


def set_marks(handle: int, marks: int, path: str) -> None:
    """0 would leave them, so no mark at all is said as NORMAL."""
    _change(handle, _Basic(0, 0, 0, 0, marks or 0x80), path)


def _change(handle: int, wanted: _Basic, path: str) -> None:
    if not _set(handle, _BASIC, ctypes.byref(wanted), ctypes.sizeof(wanted)):
        raise calls.failure(path)


def _asked(handle: int, kind: int, into: ctypes.Structure, path: str) -> None:
    if not _get(handle, kind, ctypes.byref(into), ctypes.sizeof(into)):
        raise calls.failure(path)


def _number(handle: int, index: int) -> int:
    """ReFS numbers its files with 128 bits; journals hold 64, so the upper ones are mixed in. NTFS has none."""
    found = _Identity()
    if not _get(handle, _IDENTITY, ctypes.byref(found), ctypes.sizeof(found)) or not found.high:
        return index
    return int(found.low + found.high * _MANY) & (2**63 - 1)


def _ns(ticks: int) -> int:
    return (ticks - _EPOCH) * 100


def _ticks(ns: int) -> int:
    return ns // 100 + _EPOCH
