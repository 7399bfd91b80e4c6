r"""What has to survive a power cut on Windows.

A file needs its buffers flushed. Names lie in the journal of NTFS, which a flush writes out up to the newest of
them; renames are written through already (`moves`). For whole trees the volume is flushed, as Linux's `syncfs` does:
one call instead of one for each of a hundred thousand files, and read-only files need no exception. Only an elevated
process may; any other, and shares of the network, get a flush of every file below the folder.
"""

from __future__ import annotations

import msvcrt
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from smena.host.windows.api import handles, names, volumes
from smena.host.windows.long_paths import joined, whole
from smena.host.windows.numbers import DENIED, HELD, INVALID, NO_CALL, NOT_SUPPORTED

assert sys.platform == "win32"  # tells mypy too

_NOT_HERE = {DENIED, INVALID, NO_CALL, NOT_SUPPORTED}


def sync_file(descriptor: int) -> None:
    """What was written through this descriptor is on the disk afterwards."""
    handles.flush(msvcrt.get_osfhandle(descriptor), "")


def sync_folder(path: str) -> None:
    """Names made, changed or removed in this folder. Some file systems flush no folders: then there is no call."""
    at = whole(path)
    try:
        with handles.handle(at, handles.WRITE_DATA | handles.SYNCHRONIZE, handles.FOLDERS_TOO) as found:
            handles.flush(found, at)
    except OSError as error:
        if error.winerror not in _NOT_HERE:
            raise


@contextmanager
def tree_synced(path: str) -> Iterator[None]:
    """All that the block wrote below this folder is on the disk when it ends well."""
    yield
    if not flush_volume(path):
        _flush_below(whole(path))


def flush_volume(path: str) -> bool:
    """Everything on the volume of a path, mapped pages too; false where we may not, or where it is of another host."""
    device = volumes.device(volumes.root(whole(path)))
    if device is None:
        return False
    try:
        with handles.handle(device, handles.WRITE, 0) as found:
            handles.flush(found, device)
    except OSError as error:
        if error.winerror in _NOT_HERE:
            return False
        raise
    return True


def _flush_below(path: str) -> None:
    marks = names.marks(path)
    if marks & names.POINT:
        return
    if marks & names.FOLDER:
        for name in os.listdir(path):
            _flush_below(joined(path, name))
        return
    if marks & names.READ_ONLY:
        names.set_marks(path, marks & ~names.READ_ONLY)
    try:
        _flush_file(path)
    finally:
        if marks & names.READ_ONLY:
            names.set_marks(path, marks)


def _flush_file(path: str) -> None:
    """What another program keeps shut is not what we wrote."""
    try:
        with handles.handle(path, handles.WRITE, 0) as found:
            handles.flush(found, path)
    except OSError as error:
        if error.winerror not in HELD:
            raise
