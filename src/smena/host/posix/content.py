"""A file's content, copied as cheaply as the file system can.

A reflink shares the blocks until one side writes, so it costs nothing; else the kernel copies;
else we do. Holes stay holes.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sys
from collections.abc import Callable, Iterator

from smena.host.ports import Attributes
from smena.host.posix import libc

assert sys.platform != "win32"  # tells mypy too

_FICLONE = 0x40049409
_PIECE = 32 * 1024 * 1024
_LARGE = 64 * 1024
_READ = 1024 * 1024
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
_CANNOT = {errno.EXDEV, errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM, errno.ETXTBSY}


def create(path: str, wanted: Attributes | None = None) -> int:
    """A new file, open for reading and writing; one that is to have attributes is nobody else's until it has them."""
    return os.open(path, _NEW, 0o600 if wanted else 0o644)


def open_to_read(path: str, _flags: int = 0) -> int:
    """An opener of a file that is looked at while its owner goes on with it."""
    return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)


def copy(source: int, target: int, told: Callable[[int], None]) -> None:
    """Everything from one open file to another, which is empty; `told` hears the size of each piece."""
    info = os.fstat(source)
    if not info.st_size:
        return
    if _shared(source, target, info):
        told(info.st_size)
        return
    reached = 0
    for start, end in _stretches(source, info):
        reached = _copy_stretch(source, target, (start, end), told)
    if info.st_size >= _LARGE:
        libc.begin_to_write(target)  # else the disk rests until everything is to be there
    if reached < info.st_size:  # a hole at the end
        os.ftruncate(target, info.st_size)


def same(one: int, other: int, seen: Callable[[bytes], object]) -> bool:
    """Whether two open files hold the same, read from their beginning; `seen` is given what they hold."""
    position = 0
    while True:
        piece = os.pread(one, _READ, position)
        if piece != os.pread(other, _READ, position):
            return False
        if not piece:
            return True
        seen(piece)
        position += len(piece)


def _shared(source: int, target: int, info: os.stat_result) -> bool:
    """A file system that could not do it once is not asked for each of a hundred thousand files."""
    pair = (info.st_dev, os.fstat(target).st_dev)
    if pair in _apart:
        return False
    if reflink(source, target):
        return True
    _apart.add(pair)
    return False


_apart: set[tuple[int, int]] = set()


def reflink(source: int, target: int) -> bool:
    """Let two open files share their blocks; false where the file system cannot."""
    try:
        fcntl.ioctl(target, _FICLONE, source)
    except OSError as error:
        if error.errno in _CANNOT:
            return False
        raise
    return True


def _stretches(source: int, info: os.stat_result) -> Iterator[tuple[int, int]]:
    """Where there is data: the whole file, unless fewer blocks are taken than its size needs."""
    if info.st_blocks * 512 >= info.st_size:
        yield 0, info.st_size
        return
    position = 0
    while position < info.st_size:
        try:
            start = os.lseek(source, position, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole from here on
                return
            raise
        position = min(os.lseek(source, start, os.SEEK_HOLE), info.st_size)
        yield start, position


def _copy_stretch(source: int, target: int, stretch: tuple[int, int], told: Callable[[int], None]) -> int:
    """How far it came: a file that becomes shorter meanwhile ends early."""
    position, end = stretch
    in_kernel = True
    while position < end:
        wanted = min(_PIECE, end - position)
        count = _in_kernel(source, target, position, wanted) if in_kernel else 0
        if count == 0:  # some file systems end early here: only a read tells whether the file does
            in_kernel = False
            count = _by_hand(source, target, position, wanted)
        if count == 0:
            break
        position += count
        told(count)
    return position


def _in_kernel(source: int, target: int, position: int, wanted: int) -> int:
    try:
        return os.copy_file_range(source, target, wanted, position, position)
    except OSError as error:
        if error.errno in _CANNOT:
            return 0
        raise


def _by_hand(source: int, target: int, position: int, wanted: int) -> int:
    piece = os.pread(source, min(wanted, _READ), position)
    done = 0
    while done < len(piece):
        done += os.pwrite(target, piece[done:], position + done)
    return done


def allocate(descriptor: int, size: int) -> None:
    """Take up room for this many bytes."""
    os.posix_fallocate(descriptor, 0, size)


def allocated_of(descriptor: int) -> int:
    """Bytes that an open file really takes up."""
    return allocated(os.fstat(descriptor))


def allocated(info: os.stat_result) -> int:
    """Bytes that a file really takes up."""
    return info.st_blocks * 512
