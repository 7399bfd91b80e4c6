"""What the file system of a folder can do, tried and not believed. Whatever is tried leaves nothing behind."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from smena import clock
from smena.host.native import durable, locks, moves, trials
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import Text, _

NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "network", "9p", "ceph", "afs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph")
)
"""Kinds of file system on which several hosts may write at once, and locks do not always hold."""
FORGETFUL = frozenset(("tmpfs", "ramfs"))
"""A boot empties them."""


def locks_hold(folder: Path) -> bool:
    """Whether a lock that is taken keeps the next one from taking it."""
    with telling(_trying(folder)):
        descriptor, name = tempfile.mkstemp(prefix=".smena-trial-", dir=folder)
        try:
            second = os.open(name, os.O_RDWR)
            try:
                return locks.try_lock(descriptor) and not locks.try_lock(second)
            finally:
                os.close(second)
        finally:
            os.close(descriptor)  # first: on Windows an open file keeps its name
            moves.remove(name)


def write_out(folder: Path) -> float:
    """Write a little and have it brought to the disk; the seconds that it takes."""
    with telling(_trying(folder)), tempfile.TemporaryFile(prefix=".smena-trial-", dir=folder) as file:
        began = clock.ticks()
        file.write(bytes(4096))
        file.flush()
        durable.sync_file(file.fileno())
        return clock.ticks() - began


def clock_differs(folder: Path) -> float:
    """By how many seconds the times that this file system gives are off this host's clock."""
    with telling(_trying(folder)), tempfile.TemporaryFile(prefix=".smena-trial-", dir=folder) as file:
        file.write(b"1")
        file.flush()
        return abs(os.fstat(file.fileno()).st_mtime - clock.now().timestamp())


def shares_blocks(folder: Path) -> bool | None:
    """Whether copies can share their blocks; None where it cannot be tried."""
    with telling(_trying(folder)):
        return trials.reflink(str(folder))


def keeps_labels(folder: Path) -> bool | None:
    """Whether labels of the security modules come along with a copy; None where we may not try."""
    with telling(_trying(folder)):
        return trials.labels(str(folder))


def _trying(folder: Path) -> Text:
    return _("cannot try what the file system of {path} can do", path=encode(folder))
