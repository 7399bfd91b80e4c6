"""Calls that work on names: renames, removals, new folders, marks, and how an entry is really spelled."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls, handles

assert sys.platform == "win32"  # tells mypy too

READ_ONLY, HIDDEN, OF_SYSTEM, FOLDER, NOT_INDEXED, POINT = 0x1, 0x2, 0x4, 0x10, 0x2000, 0x400
_REPLACE, _WRITE_THROUGH = 1, 8
_UNKNOWN = 0xFFFFFFFF


class _Found(ctypes.Structure):
    _fields_ = (
        ("marks", wintypes.DWORD),
        ("times", wintypes.DWORD * 6),
        ("sizes", wintypes.DWORD * 4),
        ("name", wintypes.WCHAR * 260),
        ("short", wintypes.WCHAR * 14),
    )


_move = calls.declared(calls.kernel32, "MoveFileExW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.LPCWSTR, wintypes.DWORD)
_delete = calls.declared(calls.kernel32, "DeleteFileW", wintypes.BOOL, wintypes.LPCWSTR)
_remove_folder = calls.declared(calls.kernel32, "RemoveDirectoryW", wintypes.BOOL, wintypes.LPCWSTR)
_make_folder = calls.declared(calls.kernel32, "CreateDirectoryW", wintypes.BOOL, wintypes.LPCWSTR, ctypes.c_void_p)
_marks = calls.declared(calls.kernel32, "GetFileAttributesW", wintypes.DWORD, wintypes.LPCWSTR)
_set_marks = calls.declared(calls.kernel32, "SetFileAttributesW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.DWORD)
_hard_link = calls.declared(
    calls.kernel32, "CreateHardLinkW", wintypes.BOOL, wintypes.LPCWSTR, wintypes.LPCWSTR, ctypes.c_void_p
)
_find = calls.declared(calls.kernel32, "FindFirstFileW", wintypes.HANDLE, wintypes.LPCWSTR, ctypes.POINTER(_Found))
_find_close = calls.declared(calls.kernel32, "FindClose", wintypes.BOOL, wintypes.HANDLE)


def move(old: str, new: str, *, replace: bool) -> None:
    """On one volume only: never a copy. The new name is on the disk when it returns."""
    if not _move(old, new, _WRITE_THROUGH | (_REPLACE if replace else 0)):
        raise calls.failure(old)


def delete(path: str) -> None:
    if not _delete(path):
        raise calls.failure(path)


def remove_folder(path: str) -> None:
    """An empty one; of a link to a folder only the link goes."""
    if not _remove_folder(path):
        raise calls.failure(path)


def make_folder(path: str, access_list: bytes | None) -> None:
    wanted = handles.security(access_list)
    if not _make_folder(path, ctypes.byref(wanted) if wanted else None):
        raise calls.failure(path)


def hard_link(path: str, other: str) -> None:
    if not _hard_link(other, path, None):
        raise calls.failure(other)


def marks(path: str) -> int:
    """Of the entry itself, never of what a link leads to."""
    found = int(_marks(path))
    if found == _UNKNOWN:
        raise calls.failure(path)
    return found


def set_marks(path: str, wanted: int) -> None:
    if not _set_marks(path, wanted):
        raise calls.failure(path)


def spelled(path: str) -> str:
    """The name of the entry as the disk has it: it is found in whatever case it is asked for."""
    found = _Found()
    handle = _find(path, ctypes.byref(found))
    if handle == calls.NOWHERE:
        raise calls.failure(path)
    _find_close(handle)
    return str(found.name)
