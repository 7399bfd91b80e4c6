"""A child of ours: its pipes, and its end."""

from __future__ import annotations

import _winapi
import msvcrt
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import IO

from smena import clock
from smena.host.windows import jobs
from smena.host.windows.api import handles, process

assert sys.platform == "win32"  # tells mypy too

_SLICE = 0.2
"""Seconds until Ctrl-C is noticed: waiting itself cannot be interrupted."""


class Pipes:
    """Three: our ends are files, the child's are handles that it inherits, if they are named to it."""

    def __init__(self) -> None:
        read, ours_in = _winapi.CreatePipe(None, 0)
        ours_out, out = _winapi.CreatePipe(None, 0)
        ours_err, err = _winapi.CreatePipe(None, 0)
        self.theirs: tuple[int, ...] = (read, out, err)
        self.stdin = _file(ours_in, "wb")
        self.stdout = _file(ours_out, "rb")
        self.stderr = _file(ours_err, "rb")
        for number in self.theirs:
            os.set_handle_inheritable(number, True)

    def close_theirs(self) -> None:
        """Only then the end of what it writes can be seen."""
        handles, self.theirs = self.theirs, ()
        for number in handles:
            _winapi.CloseHandle(number)

    def close(self) -> None:
        self.close_theirs()
        for ours in (self.stdin, self.stdout, self.stderr):
            ours.close()


class Child:
    """What `subprocess.Popen` is elsewhere, as far as smena uses it."""

    def __init__(self, args: Sequence[str], handle: handles.Handle, pid: int, pipes: Pipes) -> None:
        self.stdin: IO[bytes] = pipes.stdin
        self.stdout: IO[bytes] = pipes.stdout
        self.stderr: IO[bytes] = pipes.stderr
        self.pid = pid
        self.returncode: int | None = None
        self._args = args
        self._handle = handle

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status. From then on its number may be another's."""
        deadline = None if timeout is None else clock.ticks() + timeout
        while self.returncode is None:
            left = _SLICE if deadline is None else min(_SLICE, max(0.0, deadline - clock.ticks()))
            if process.ends_within(self._handle, round(left * 1000)):
                self._collect()
            elif deadline is not None and clock.ticks() >= deadline:
                raise subprocess.TimeoutExpired(list(self._args), timeout or 0.0)
        return self.returncode

    def _collect(self) -> None:
        self.returncode = process.status(self._handle)
        jobs.forget(self.pid)
        self._handle.close()


def _file(handle: int, mode: str) -> IO[bytes]:
    return os.fdopen(msvcrt.open_osfhandle(handle, 0), mode, 0)
