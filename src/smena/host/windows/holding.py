"""Who holds a file or something in a folder, and the calls that wait for them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from smena.host.windows import locked
from smena.host.windows.api import handles, names, restart
from smena.host.windows.long_paths import joined, whole
from smena.host.windows.numbers import HELD

assert sys.platform == "win32"  # tells mypy too

Result = TypeVar("Result")
_MANY = 2000
"""So many files of a folder are asked about: the answer is for people, and shall come soon."""


def patient(attempt: Callable[[], Result], *paths: str, patience: float = locked.PATIENCE, passing: int = 0) -> Result:
    return locked.patient(attempt, *paths, watch=locked.Watch(holders, held), patience=patience, passing=passing)


def holders(paths: Sequence[str]) -> list[tuple[int, str]]:
    """Save this process: its own handles are closed by itself, or are a mistake that is not the administrator's."""
    files = _all(paths)
    return [one for one in restart.holders_of(files) if one[0] != os.getpid()] if files else []


def held(paths: Sequence[str]) -> bool:
    """Whether somebody has one of them open so that it could not be removed: asked, not done."""
    return any(_is_held(file) for file in _all(paths))


def _is_held(file: str) -> bool:
    try:
        handles.close(handles.opened(file, handles.DELETE))
    except OSError as error:
        return error.winerror in HELD
    return False


def _all(paths: Sequence[str]) -> list[str]:
    return list(islice((file for path in paths for file in _files(whole(path))), _MANY))


def _files(path: str) -> Iterator[str]:
    """The file, or those in the folder; links are not followed."""
    try:
        marks = names.marks(path)
        if marks & names.POINT or not marks & names.FOLDER:
            yield path
            return
        for name in os.listdir(path):
            yield from _files(joined(path, name))
    except OSError:  # gone, or closed to us: nothing can be told of it
        return
