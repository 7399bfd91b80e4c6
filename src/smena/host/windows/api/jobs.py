"""Jobs: a process and all that it starts, ended as one."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import kernel, process

assert sys.platform == "win32"  # tells mypy too

_MEMBERS, _LIMITS = 3, 9
_MAY_LEAVE, _LEAVES, _DIES_WITH_US = 0x800, 0x1000, 0x2000
_MORE = 234
_HANDLE, _DWORD, _BOOL, _POINTER = wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, ctypes.c_void_p

_create = kernel.KERNEL32.CreateJobObjectW
_create.argtypes, _create.restype = [_POINTER, wintypes.LPCWSTR], _HANDLE
_set = kernel.KERNEL32.SetInformationJobObject
_set.argtypes, _set.restype = [_HANDLE, ctypes.c_int, _POINTER, _DWORD], _BOOL
_query = kernel.KERNEL32.QueryInformationJobObject
_query.argtypes, _query.restype = [_HANDLE, ctypes.c_int, _POINTER, _DWORD, _POINTER], _BOOL
_terminate = kernel.KERNEL32.TerminateJobObject
_terminate.argtypes, _terminate.restype = [_HANDLE, wintypes.UINT], _BOOL
_is_in = kernel.KERNEL32.IsProcessInJob
_is_in.argtypes, _is_in.restype = [_HANDLE, _HANDLE, ctypes.POINTER(_BOOL)], _BOOL


class _Limits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; only the flags are ours."""

    _fields_ = (
        ("times", ctypes.c_int64 * 2),
        ("flags", _DWORD),
        ("sizes", ctypes.c_size_t * 2),
        ("processes", _DWORD),
        ("affinity", ctypes.c_size_t),
        ("classes", _DWORD * 2),
        ("counters", ctypes.c_uint64 * 6),
        ("memory", ctypes.c_size_t * 4),
    )


def made() -> kernel.Handle:
    """A job without a name: one would be lost with our handle. What begins in it dies with us until `let_go`."""
    number = _create(None, None)
    kernel.sure(number)
    job = kernel.Handle(number)
    try:
        _limit(job, _MAY_LEAVE | _DIES_WITH_US)
    except OSError:
        job.close()
        raise
    return job


def let_go(job: kernel.Handle) -> None:
    """From here on what is in it outlives us. It may leave the job if it asks to, as with a session on Linux."""
    _limit(job, _MAY_LEAVE)


def end(job: kernel.Handle) -> None:
    """All that is in it."""
    kernel.sure(_terminate(job.number, 1))


def members(job: kernel.Handle) -> list[int]:
    """The numbers of its living processes."""
    room = 64
    while True:
        content = (ctypes.c_size_t * (room + 1))()  # two counts of four bytes, then the numbers
        done = _query(job.number, _MEMBERS, content, ctypes.sizeof(content), None)
        if done:
            return [int(number) for number in content[1 : 1 + (content[0] >> 32)]]
        if ctypes.get_last_error() != _MORE:
            raise kernel.failure()
        room *= 4


def holds_us() -> bool:
    """Whether this process is in a job."""
    inside = _BOOL()
    kernel.sure(_is_in(process.ours().number, None, ctypes.byref(inside)))
    return bool(inside.value)


def may_leave() -> bool:
    """Whether what we start may leave the job that we are in, if it asks to or anyway."""
    return bool(_own_flags() & (_MAY_LEAVE | _LEAVES))


def dies_with_its_job() -> bool:
    """Whether what we start ends with the job that we are in: that of a session, say."""
    flags = _own_flags()
    return bool(flags & _DIES_WITH_US and not flags & (_MAY_LEAVE | _LEAVES))


def _own_flags() -> int:
    limits = _Limits()
    if not holds_us():
        return 0
    kernel.sure(_query(None, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits), None))
    return int(limits.flags)


def _limit(job: kernel.Handle, flags: int) -> None:
    limits = _Limits(flags=flags)
    kernel.sure(_set(job.number, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)))
