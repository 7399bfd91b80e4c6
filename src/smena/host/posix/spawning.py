"""Starting programs on Linux: a child of ours that leads its own group, or a process that outlives us.

The detached one is born by a double fork, so that it is nobody's zombie, and in the instant before
it becomes the program it writes down who it is: whoever finds that note knows it, even
if we die before we hear of it; if the note cannot be written, the program never starts.
"""

from __future__ import annotations

import math
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from smena.host.ports import Child, Identity
from smena.host.posix import processes

assert sys.platform != "win32"  # tells mypy too

CARRIED = ("HOME", "TEMP", "TMPDIR")
"""Variables that programs may expect besides where programs lie; none is a secret."""


def child(args: Sequence[str], cwd: str | None, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A child in a session of its own, with pipes."""
    pipe = subprocess.PIPE
    return subprocess.Popen(
        list(args), bufsize=0, cwd=cwd, env=dict(env), stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True
    )


def await_end(child: Child, limit: float | None) -> None:
    """Wait until it ends, and not a moment longer: Python itself only looks now and then when there is a limit."""
    try:
        pinned = os.pidfd_open(child.pid)
    except OSError:  # an older kernel
        child.wait(limit)
        return
    try:
        poll = select.poll()
        poll.register(pinned, select.POLLIN)
        ended = poll.poll(None if limit is None else math.ceil(limit * 1000))
    finally:
        os.close(pinned)
    child.wait(None if ended else 0)


def detached(args: Sequence[str], cwd: str | None, env: Mapping[str, str], log: Path, note: Path) -> None:
    """Start a program in a session of its own that outlives us; `note` then holds its identity (see `read_note`)."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        intermediate = subprocess.Popen(
            list(args),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=lambda: _leave(note, env.get(processes.MARK, "")),  # noqa: PLW1509 - see the docstring
        )
    finally:
        os.close(output)
    intermediate.wait()


def outlives() -> bool:
    """Whether what we start now goes on when the session ends that we are in: sessions end nobody by themselves."""
    return True


def unread(error: OSError) -> bool:
    """Whether a program that did not want to read what we write is all that is wrong."""
    return isinstance(error, BrokenPipeError)


def read_note(note: Path) -> Identity | None:
    """Who was started, if it was. A note that a power cut left empty tells of a process that is gone with the power."""
    try:
        pid, start, boot, mark = note.read_text("ascii").splitlines()
        return Identity(int(pid), int(start), boot, mark)
    except (FileNotFoundError, ValueError):
        return None


def _leave(note: Path, mark: str) -> None:
    """Runs between fork and exec: leave our family, then say who we are."""
    if os.fork():
        os._exit(0)
    os.setsid()
    who = processes.identity(os.getpid(), mark)
    if who is None:
        os._exit(127)
    fresh = f"{note}.new"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, f"{who.pid}\n{who.start}\n{who.boot}\n{who.mark}\n".encode("ascii"))
    os.close(descriptor)
    os.replace(fresh, note)
