"""Whether a file's times can be trusted to tell that its content is the same.

A program that writes through a memory mapping changes a file's time only at the first write after the
system last wrote the page out; on tmpfs never. So a file system is trusted only after a trial on it: a nameless
file is written through a mapping, written out, and written again; the time must have moved. With the trial
everything that was changed on that file system is written out: from then on the next write moves a time.
"""

from __future__ import annotations

import mmap
import os
import sys
from pathlib import Path

from smena import clock
from smena.host.posix import libc

assert sys.platform != "win32"  # tells mypy too

_TICK = 0.012  # longer than the kernel's coarse clock


def trial(folder: Path) -> int | None:
    """The file system's own present time (ns) if its times can be trusted, else None."""
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
    except OSError:  # no nameless files here, no right to write, or read-only: then nothing is known
        return None
    try:
        return _tried(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def settle(folder: Path) -> bool:
    """A write through a mapping has moved the time before it could be read by anybody: nothing is late."""
    del folder
    return True


def _tried(descriptor: int) -> int | None:
    os.write(descriptor, bytes(mmap.PAGESIZE))
    began = os.fstat(descriptor).st_mtime_ns
    libc.syncfs(descriptor)
    with mmap.mmap(descriptor, mmap.PAGESIZE) as pages:
        pages[0] = 1
        libc.write_out(descriptor)
        before = os.fstat(descriptor).st_mtime_ns
        clock.sleep(_TICK)
        pages[1] = 1
        return began if os.fstat(descriptor).st_mtime_ns != before else None
