"""Opened folders on Linux, by descriptor: a folder that is swapped for a link while we walk cannot lead us away."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from smena.host.ports import Attributes, Folder
from smena.host.posix import attributes

assert sys.platform != "win32"  # tells mypy too

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class PosixFolder:
    """A folder held by its descriptor."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self.path = path
        self._fd = descriptor

    def names(self) -> list[str]:
        return sorted(os.listdir(self._fd))

    def stat_of(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self._fd, follow_symlinks=False)

    def stat(self) -> os.stat_result:
        return os.fstat(self._fd)

    def enter(self, name: str) -> PosixFolder:
        return PosixFolder(os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=self._fd), self.path / name)

    def open(self, name: str, *, patient: bool = True) -> int:
        del patient  # nobody can keep a file shut here
        try:
            descriptor = os.open(name, _FILE, dir_fd=self._fd)
        except OSError as error:
            raise _another_by_now(error, name) from None
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)

    def link_target(self, name: str) -> str:
        try:
            return os.readlink(name, dir_fd=self._fd)
        except OSError as error:
            raise _another_by_now(error, name) from None

    def attributes(self) -> Attributes:
        return attributes.read(self._fd)

    def attributes_of(self, name: str) -> Attributes:
        return attributes.read(f"/proc/self/fd/{self._fd}/{name}")

    def enter_to_empty(self, name: str) -> PosixFolder:
        if self.stat_of(name).st_mode & stat.S_IRWXU != stat.S_IRWXU:
            os.chmod(name, stat.S_IRWXU, dir_fd=self._fd)
        return self.enter(name)

    def remove_file(self, name: str) -> None:
        os.unlink(name, dir_fd=self._fd)

    def remove_folder(self, name: str) -> None:
        os.rmdir(name, dir_fd=self._fd)

    def close(self) -> None:
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _another_by_now(error: OSError, name: str) -> OSError:
    """What was a file or a link a moment ago is something else now: what was seen is gone."""
    if error.errno in (errno.ELOOP, errno.ENXIO, errno.EINVAL):
        return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), name)
    return error


def open_folder(path: Path) -> Folder:
    """The folder at this path; links in the path are followed, as the caller named it."""
    return PosixFolder(os.open(path, _FOLDER), path)


def make(path: str, wanted: Attributes | None = None) -> None:
    """A new folder, nobody else's until it has its attributes."""
    del wanted
    os.mkdir(path, stat.S_IRWXU)


def remove(path: str) -> None:
    """An empty folder."""
    os.rmdir(path)


def look(path: str) -> os.stat_result:
    """What lies at a path itself, never what a link leads to."""
    return os.lstat(path)


def look_at_open(descriptor: int) -> os.stat_result:
    return os.fstat(descriptor)


def spelled(path: str) -> bool:
    """Whether something lies there under this very spelling."""
    return os.path.lexists(path)


def there(path: str) -> bool:
    """Whether anything lies there, a link that leads nowhere too."""
    return os.path.lexists(path)


def long(path: str) -> str:
    """The form of a path that the system's calls take at any length: every form, here."""
    return path


def second_name(path: str, other: str) -> None:
    """Give a file one more name."""
    os.link(path, other, follow_symlinks=False)
