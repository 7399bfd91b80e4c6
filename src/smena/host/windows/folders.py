"""Folders on Windows, by path.

A folder is not held open: as long as it were, the product could not rename what lies above it. So one that is swapped
under our eyes for a link is seen where it is entered, not later. Names are found in whatever case they are written;
`spelled` tells what is there under this very spelling.
"""

from __future__ import annotations

import errno
import msvcrt
import os
import stat
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from smena.host.ports import Attributes, Folder
from smena.host.windows import access, attributes, holding, links, looks, moves
from smena.host.windows.api import handles, information, names
from smena.host.windows.locked import BRIEF, PATIENCE
from smena.host.windows.long_paths import joined, whole
from smena.host.windows.numbers import NOT_EMPTY
from smena.host.windows.reparse_data import stands_for_another

assert sys.platform == "win32"  # tells mypy too

look = looks.look
look_at_open = looks.look_at_open
_SEQUENTIAL = 0x08000000
_READING = os.O_RDONLY | os.O_BINARY | os.O_NOINHERIT


class PathFolder:
    """A folder held by its path: in the usual form for people, in the long one for Windows."""

    def __init__(self, path: Path, at: str) -> None:
        self.path = path
        self._at = at
        if not stat.S_ISDIR(looks.look(at).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))

    def names(self) -> list[str]:
        return sorted(os.listdir(self._at))

    def stat_of(self, name: str) -> os.stat_result:
        return looks.look(joined(self._at, name))

    def stat(self) -> os.stat_result:
        return looks.look(self._at)

    def enter(self, name: str) -> PathFolder:
        return PathFolder(self.path / name, joined(self._at, name))

    def open(self, name: str, *, patient: bool = True) -> int:
        return _opened(joined(self._at, name), PATIENCE if patient else 0.0)

    def link_target(self, name: str) -> str:
        return links.target(joined(self._at, name))

    def attributes(self) -> Attributes:
        return attributes.read(self._at)

    def attributes_of(self, name: str) -> Attributes:
        return attributes.read(joined(self._at, name))

    def enter_to_empty(self, name: str) -> PathFolder:
        """A list that shuts us out as well is replaced: what lies there is to go anyway."""
        at = joined(self._at, name)
        try:
            os.listdir(at)
        except PermissionError:
            if stat.S_ISDIR(looks.look(at).st_mode):
                access.put_at(at, access.closed(folder=True))
        return self.enter(name)

    def remove_file(self, name: str) -> None:
        moves.remove(joined(self._at, name))

    def remove_folder(self, name: str) -> None:
        """Nothing lies in it any more, save names that go with the last handle of whoever looks at their files."""
        remove(joined(self._at, name), passing=NOT_EMPTY)

    def close(self) -> None:
        """Nothing is held."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_folder(path: Path) -> Folder:
    """The folder at this path; links in the path are followed, as the caller named it."""
    access.take_rights()
    at = whole(str(path))
    return PathFolder(path, os.path.realpath(at) if links.is_link(at) else at)


def make(path: str, wanted: Attributes | None = None) -> None:
    """A new folder; one that is for few is closed to others from its first instant."""
    closed = wanted is not None and access.SECURITY in wanted.xattrs
    listed = access.closed(folder=True) if closed else None
    holding.patient(lambda: names.make_folder(whole(path), listed), path, patience=BRIEF)


def remove(path: str, *, passing: int = 0) -> None:
    """An empty folder; one that is marked read-only loses the mark first."""
    at = whole(path)
    marks = names.marks(at)
    if marks & names.READ_ONLY:
        names.set_marks(at, marks & ~names.READ_ONLY)
    holding.patient(lambda: names.remove_folder(at), path, passing=passing)


def spelled(path: str) -> bool:
    """Whether something lies there under this very spelling."""
    at = whole(path)
    try:
        return names.spelled(at) == at.rpartition("\\")[2]
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return False
        raise


def there(path: str) -> bool:
    """Whether anything lies there, a link that leads nowhere too."""
    return os.path.lexists(whole(path))


def long(path: str) -> str:
    """The form of a path that Python's own calls take at any length."""
    return whole(path)


def second_name(path: str, other: str) -> None:
    """Give a file one more name."""
    holding.patient(lambda: names.hard_link(whole(path), whole(other)), other, patience=BRIEF)


def _opened(path: str, patience: float) -> int:
    """A file is opened past its access list where we have the right to read everything; others go on using it."""
    flags = handles.ITSELF | _SEQUENTIAL
    found = holding.patient(lambda: handles.opened(path, handles.READ, flags), path, patience=patience)
    try:
        marks = information.basic(found, path).marks
        if marks & names.FOLDER or (marks & names.POINT and stands_for_another(information.tag(found, path))):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if marks & names.POINT:  # stored in another way: only the file system knows how to read it
            itself, found = found, handles.opened(path, handles.READ, handles.FOLDERS_TOO | _SEQUENTIAL)
            handles.close(itself)
        return msvcrt.open_osfhandle(found, _READING)
    except BaseException:
        handles.close(found)
        raise
