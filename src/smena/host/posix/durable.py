"""What has to survive a power cut on Linux.

A file needs an fsync, its name one of its folder. For whole trees one syncfs is far quicker
than an fsync for each file, and it reports every write that failed since its descriptor was opened.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from smena.host.posix import libc

assert sys.platform != "win32"  # tells mypy too


def sync_file(descriptor: int) -> None:
    """What was written through this descriptor is on the disk afterwards."""
    os.fsync(descriptor)


def sync_folder(path: str) -> None:
    """Names made, changed or removed in this folder are on the disk afterwards."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def tree_synced(path: str) -> Iterator[None]:
    """All that the block wrote on the file system of this folder is on the disk when it ends well."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield
        libc.syncfs(descriptor)
    finally:
        os.close(descriptor)
