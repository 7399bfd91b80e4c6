"""A file's content on Windows: read and written piece by piece.

Not kept by a copy: further streams of a file (where a download came from), holes, compression and encryption by
the file system; the content is whole without them.
"""

from __future__ import annotations

import errno
import msvcrt
import os
import sys
from collections.abc import Callable

from smena.host.held import InUse
from smena.host.ports import Attributes
from smena.host.windows import access, holding
from smena.host.windows.api import handles, information
from smena.host.windows.locked import BRIEF
from smena.host.windows.long_paths import whole

assert sys.platform == "win32"  # tells mypy too

_PIECE = 1024 * 1024
_CLUSTER = 4096
_NORMAL = 0x80
_FLAGS = os.O_RDWR | os.O_BINARY | os.O_NOINHERIT


def create(path: str, wanted: Attributes | None = None) -> int:
    """A new file, open for reading and writing; one that is for few is closed to others before anything is in it."""
    at = whole(path)
    closed = access.closed(folder=False) if wanted is not None and access.SECURITY in wanted.xattrs else None
    rights = handles.READ | handles.WRITE
    made = holding.patient(
        lambda: handles.opened(at, rights, _NORMAL, handles.CREATE_NEW, closed), path, patience=BRIEF
    )
    return msvcrt.open_osfhandle(made, _FLAGS)


def open_to_read(path: str, _flags: int = 0) -> int:
    """An opener of a file that is looked at while its owner goes on with it: he may rename and remove it meanwhile."""
    found = holding.patient(lambda: handles.opened(whole(path), handles.READ, _NORMAL), path, patience=BRIEF)
    return msvcrt.open_osfhandle(found, os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT)


def copy(source: int, target: int, told: Callable[[int], None]) -> None:
    while piece := _read(source):
        rest = memoryview(piece)
        while rest:
            rest = rest[os.write(target, rest) :]
        told(len(piece))


def same(one: int, other: int, seen: Callable[[bytes], object]) -> bool:
    """Whether two open files hold the same, read from their beginning; `seen` is given what they hold."""
    for descriptor in (one, other):
        os.lseek(descriptor, 0, os.SEEK_SET)
    while (piece := _read(one)) == _read(other):
        if not piece:
            return True
        seen(piece)
    return False


def _read(descriptor: int) -> bytes:
    """A file that is open for reading refuses a read only where another program has locked that part of it."""
    try:
        return os.read(descriptor, _PIECE)
    except PermissionError as error:
        raise InUse(errno.EACCES, error.strerror, error.filename) from error


def allocate(descriptor: int, size: int) -> None:
    """Take up room. Room beyond a file's end would be given back when it is closed, so the end moves."""
    information.set_size(msvcrt.get_osfhandle(descriptor), size, "")


def allocated_of(descriptor: int) -> int:
    """Bytes that an open file really takes up."""
    return information.allocated(msvcrt.get_osfhandle(descriptor), "")


def allocated(info: os.stat_result) -> int:
    """Bytes that a file takes up, by its size: what stat tells here has nothing better."""
    return -(-info.st_size // _CLUSTER) * _CLUSTER
