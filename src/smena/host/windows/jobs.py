"""The jobs of the children that we wait for, by number: a child's number is its own as long as we hold it."""

from __future__ import annotations

import sys

from smena.host.windows.api import handles, jobs

assert sys.platform == "win32"  # tells mypy too

_OURS: dict[int, handles.Handle] = {}


def keep(pid: int, job: handles.Handle) -> None:
    _OURS[pid] = job


def forget(pid: int) -> None:
    """What is left in it lives on."""
    job = _OURS.pop(pid, None)
    if job is not None:
        job.close()


def members(pid: int) -> list[int]:
    """The living processes of a child's job; none where it is no child of ours."""
    return jobs.members(_OURS[pid]) if pid in _OURS else []


def end(pid: int) -> None:
    if pid in _OURS:
        jobs.end(_OURS[pid])
