"""Renames and removals on Windows: written through, so that a name that was given is on the disk when the call returns.

A rename is one change in the file system's journal: killed or without power, there is the old name or the new. It is
never a copy. What another program holds is waited for (`locked`).
"""

from __future__ import annotations

import sys
from contextlib import suppress

from smena.host.windows import holding
from smena.host.windows.api import handles, information, names
from smena.host.windows.long_paths import whole
from smena.host.windows.numbers import DENIED

assert sys.platform == "win32"  # tells mypy too


def rename_new(old: str, new: str) -> None:
    """Windows itself refuses a name that is taken."""
    holding.patient(lambda: names.move(whole(old), whole(new), replace=False), old)


def replace(old: str, new: str) -> None:
    """Rename over a file or a link to a file, in one instant. A folder, or a link to one, needs a name that is free.

    A file that is marked read-only loses the mark first: its successor brings its own. Killed in between, the old
    file lies there without its mark.
    """
    source, target = whole(old), whole(new)
    over = not names.marks(source) & names.FOLDER
    holding.patient(lambda: _replaced(source, target, over=over), old, new)


def _replaced(source: str, target: str, *, over: bool) -> None:
    try:
        names.move(source, target, replace=over)
    except OSError as error:
        if error.winerror != DENIED or not _unmarked(target):
            raise
        try:
            names.move(source, target, replace=over)
        except OSError:
            names.set_marks(target, names.marks(target) | names.READ_ONLY)
            raise


def remove(path: str) -> None:
    """Take a file's or a link's name away; a missing one is fine, a folder is an error."""
    with suppress(FileNotFoundError):
        holding.patient(lambda: _removed(whole(path)), path)


def _removed(at: str) -> None:
    marks = names.marks(at)
    if marks & names.FOLDER and marks & names.POINT:
        names.remove_folder(at)
        return
    if marks & names.READ_ONLY and not marks & names.FOLDER:
        _unmarked(at)
    names.delete(at)


def one_mount(first: str, second: str) -> bool:
    """Whether both folders lie on one volume, which then also hangs in one place."""
    return _volume(whole(first)) == _volume(whole(second))


def _volume(path: str) -> int:
    with handles.handle(path, handles.READ_ATTRIBUTES, handles.FOLDERS_TOO) as found:
        return information.volume(found, path)


def _unmarked(path: str) -> bool:
    """Whether it had the mark that keeps files from being replaced and removed."""
    try:
        marks = names.marks(path)
    except FileNotFoundError:
        return False
    if not marks & names.READ_ONLY or marks & names.FOLDER:
        return False
    names.set_marks(path, marks & ~names.READ_ONLY)
    return True
