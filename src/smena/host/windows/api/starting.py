"""A new process, born stopped, in a job, with the handles that are meant for it and no others."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from ctypes import wintypes
from typing import NamedTuple

from smena.host.windows.api import calls, handles

assert sys.platform == "win32"  # tells mypy too

LEAVE_JOB = 0x01000000
_STOPPED, _OWN_GROUP, _WIDE_BLOCK, _EXTENDED, _NO_WINDOW = 0x4, 0x200, 0x400, 0x80000, 0x08000000
_OWN_CONSOLE = _STOPPED | _OWN_GROUP | _WIDE_BLOCK | _EXTENDED | _NO_WINDOW
_USE_HANDLES = 0x100
_HANDLES, _JOBS = 0x20002, 0x2000D
_HANDLE, _DWORD, _BOOL, _POINTER, _TEXT = (
    wintypes.HANDLE,
    wintypes.DWORD,
    wintypes.BOOL,
    ctypes.c_void_p,
    wintypes.LPCWSTR,
)


class _Startup(ctypes.Structure):
    """STARTUPINFOEXW."""

    _fields_ = (
        ("size", _DWORD),
        ("names", _POINTER * 3),
        ("window", _DWORD * 7),
        ("flags", _DWORD),
        ("show", wintypes.WORD * 2),
        ("reserved", _POINTER),
        ("standard", _HANDLE * 3),
        ("attributes", _POINTER),
    )


class _Born(ctypes.Structure):
    """PROCESS_INFORMATION."""

    _fields_ = (("process", _HANDLE), ("thread", _HANDLE), ("pid", _DWORD), ("tid", _DWORD))


_create = calls.declared(
    calls.kernel32,
    "CreateProcessW",
    _BOOL,
    _TEXT,
    wintypes.LPWSTR,
    _POINTER,
    _POINTER,
    _BOOL,
    _DWORD,
    _POINTER,
    _TEXT,
    _POINTER,
    _POINTER,
)
_prepare = calls.declared(
    calls.kernel32,
    "InitializeProcThreadAttributeList",
    _BOOL,
    _POINTER,
    _DWORD,
    _DWORD,
    ctypes.POINTER(ctypes.c_size_t),
)
_update = calls.declared(
    calls.kernel32,
    "UpdateProcThreadAttribute",
    _BOOL,
    _POINTER,
    _DWORD,
    ctypes.c_size_t,
    _POINTER,
    ctypes.c_size_t,
    _POINTER,
    _POINTER,
)
_delete = calls.declared(calls.kernel32, "DeleteProcThreadAttributeList", None, _POINTER)
_resume = calls.declared(calls.kernel32, "ResumeThread", _DWORD, _HANDLE)


class Recipe(NamedTuple):
    """What is started. `standard` are the handles of its input, output and errors, all inheritable."""

    program: str
    line: str
    environment: str
    folder: str | None
    standard: Sequence[int]
    flags: int = 0


class Born(NamedTuple):
    """A process that has not run an instruction yet."""

    process: handles.Handle
    thread: handles.Handle
    pid: int


def born(recipe: Recipe, job: handles.Handle) -> Born:
    """It stands still until `resume`. It has a console of its own that nobody sees, and leads its group."""
    handles = (_HANDLE * len(set(recipe.standard)))(*dict.fromkeys(recipe.standard))
    jobs = (_HANDLE * 1)(job.number)
    attributes = _attributes({_HANDLES: handles, _JOBS: jobs})
    try:
        startup = _Startup(ctypes.sizeof(_Startup), flags=_USE_HANDLES)
        startup.standard[:] = list(recipe.standard)
        startup.attributes = ctypes.addressof(attributes)
        return _created(recipe, startup)
    finally:
        _delete(attributes)


def resume(thread: handles.Handle) -> None:
    if _resume(thread.number) == 0xFFFFFFFF:
        raise calls.failure()


def _created(recipe: Recipe, startup: _Startup) -> Born:
    new = _Born()
    line = ctypes.create_unicode_buffer(recipe.line)
    environment = ctypes.create_unicode_buffer(recipe.environment)
    flags = _OWN_CONSOLE | recipe.flags
    words = (recipe.program, line, None, None, True, flags, environment, recipe.folder)
    calls.sure(_create(*words, ctypes.byref(startup), ctypes.byref(new)), recipe.program)
    return Born(handles.Handle(new.process), handles.Handle(new.thread), int(new.pid))


def _attributes(wanted: dict[int, ctypes.Array[wintypes.HANDLE]]) -> ctypes.Array[ctypes.c_char]:
    size = ctypes.c_size_t()
    _prepare(None, len(wanted), 0, ctypes.byref(size))
    room = ctypes.create_string_buffer(size.value)
    calls.sure(_prepare(room, len(wanted), 0, ctypes.byref(size)))
    for name, values in wanted.items():
        if not _update(room, 0, name, values, ctypes.sizeof(values), None, None):
            error = calls.failure()
            _delete(room)
            raise error
    return room
