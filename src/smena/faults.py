"""Named points at which a test can kill the process.

`point("step.after-do")` does nothing in normal life. With `SMENA_FAULT` set to
`NAME[@N]=HOW` the N-th passage of that point dies: `kill` (as by kill -9),
`error` (an exception), `full` (no room left); or it halts there (`halt`) until somebody
lets the process go on. With `SMENA_FAULT_LOG` every point passed is
written to that file, one a line: that is how the tests learn which deaths there are.
"""

from __future__ import annotations

import errno
import os
import signal

_plan = os.environ.get("SMENA_FAULT", "")
_log = os.environ.get("SMENA_FAULT_LOG", "")
_passed: dict[str, int] = {}


class InjectedFault(Exception):
    """The exception of a fault `error`: no part of the product catches it by name."""


def point(name: str) -> None:
    """A place where death is interesting."""
    if not _plan and not _log:
        return
    count = _passed[name] = _passed.get(name, 0) + 1
    if _log:
        _append(f"{name}@{count}")
    where, _, how = _plan.partition("=")
    wanted, _, number = where.partition("@")
    if wanted == name and count == int(number or 1):
        _fail(how or "kill", name)


def _append(line: str) -> None:
    descriptor = os.open(_log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, f"{line}\n".encode())
    finally:
        os.close(descriptor)


def _fail(how: str, name: str) -> None:
    if how == "error":
        raise InjectedFault(name)
    if how == "full":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
    os.kill(os.getpid(), getattr(signal, "SIGSTOP" if how == "halt" else "SIGKILL", signal.SIGTERM))
