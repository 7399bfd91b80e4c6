"""Jobs: a process and all that it starts, ended as one."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls, handles, process

assert sys.platform == "win32"  # tells mypy too

_MEMBERS, _LIMITS = 3, 9
_MAY_LEAVE, _LEAVES, _DIES_WITH_US = 0x800, 0x1000, 0x2000
_MORE = 234
_HANDLE, _DWORD, _BOOL, _POINTER = wintypes.HANDLE, wintypes.DWORD, wintypes.BOOL, ctypes.c_void_p

_create = calls.declared(calls.kernel32, "CreateJobObjectW", _HANDLE, _POINTER, wintypes.LPCWSTR)
_set = calls.declared(calls.kernel32, "SetInformationJobObject", _BOOL, _HANDLE, ctypes.c_int, _POINTER, _DWORD)
_query = calls.declared(
    calls.kernel32, "QueryInformationJobObject", _BOOL, _HANDLE, ctypes.c_int, _POINTER, _DWORD, _POINTER
)
_terminate = calls.declared(calls.kernel32, "TerminateJobObject", _BOOL, _HANDLE, wintypes.UINT)
_is_in = calls.declared(calls.kernel32, "IsProcessInJob", _BOOL, _HANDLE, _HANDLE, ctypes.POINTER(_BOOL))


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


def made() -> handles.Handle:
    """A job without a name: one would be lost with our handle. What begins in it dies with us until `let_go`."""
    number = _create(None, None)
    calls.sure(number)
    job = handles.Handle(number)
    try:
        _limit(job, _MAY_LEAVE | _DIES_WITH_US)
    except OSError:
        job.close()
        raise
    return job


def let_go(job: handles.Handle) -> None:
    """From here on what is in it outlives us. It may leave the job if it asks to, as with a session on Linux."""
    _limit(job, _MAY_LEAVE)


def end(job: handles.Handle) -> None:
    """All that is in it."""
    calls.sure(_terminate(job.number, 1))


def members(job: handles.Handle) -> list[int]:
    """The numbers of its living processes."""
    room = 64
    while True:
        content = (ctypes.c_size_t * (room + 1))()  # two counts of four bytes, then the numbers
        done = _query(job.number, _MEMBERS, content, ctypes.sizeof(content), None)
        if done:
            return [int(number) for number in content[1 : 1 + (content[0] >> 32)]]
        if ctypes.get_last_error() != _MORE:
            raise calls.failure()
        room *= 4


def holds_us() -> bool:
    """Whether this process is in a job."""
    inside = _BOOL()
    calls.sure(_is_in(process.ours().number, None, ctypes.byref(inside)))
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
    calls.sure(_query(None, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits), None))
    return int(limits.flags)


def _limit(job: handles.Handle, flags: int) -> None:
    limits = _Limits(flags=flags)
    calls.sure(_set(job.number, _LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)))
