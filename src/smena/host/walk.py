"""One walk for everything that looks at a whole tree: copies, fingerprints, archives.

The order is fixed (names sorted, a folder before what lies in it, and named once more when it
is left), so two walks, or a walk and a listing of an earlier one, can be compared entry by entry without
holding either in memory. Only the names of the folders on the way down are held.
Links are never followed. A `.smena` folder is never entered: what lies there is not the instance's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smena.host.native import folders
from smena.host.paths import encode
from smena.host.patterns import Matcher, nothing
from smena.host.ports import Folder
from smena.host.removal import OURS
from smena.host.trouble import translated
from smena.text import _


class Found(NamedTuple):
    """An entry: `path` is relative to the root of the walk ("" for the root itself), parts joined by `/`."""

    path: str
    name: str
    stat: os.stat_result
    parent: Folder


class Left(NamedTuple):
    """A folder, after all that lies in it; `stat` is what it was when it was found."""

    path: str
    stat: os.stat_result
    folder: Folder


class _Level(NamedTuple):
    path: str
    stat: os.stat_result
    folder: Folder
    names: Iterator[str]


def order(path: str) -> str:
    """Sorts paths as the walk meets them: `a/b` comes before `a.b`, because a folder's content follows it at once."""
    return path.replace("/", "\0")


def walk(root: Path, leave_out: Matcher = nothing, *, live: bool = False) -> Iterator[Found | Left]:
    """Every entry of the tree. In a live tree entries may vanish under our eyes; in a resting one that is an error."""
    with folders.open_folder(root.parent) as above:
        found = Found("", root.name, above.stat_of(root.name), above)
        yield found
        if stat.S_ISDIR(found.stat.st_mode):
            yield from _below(found, leave_out, live)


def _below(root: Found, leave_out: Matcher, live: bool) -> Iterator[Found | Left]:
    levels = [_enter(root)]
    try:
        while levels:
            level = levels[-1]
            name = next(level.names, None)
            if name is None:
                yield Left(level.path, level.stat, level.folder)
                levels.pop().folder.close()
                continue
            path = f"{level.path}/{name}" if level.path else name
            if name == OURS or leave_out(path):
                continue
            try:
                found = Found(path, name, level.folder.stat_of(name), level.folder)
                deeper = _enter(found) if stat.S_ISDIR(found.stat.st_mode) else None
                found = found._replace(stat=deeper.stat) if deeper else found
            except OSError as error:
                if live and isinstance(error, FileNotFoundError | NotADirectoryError):
                    continue
                raise translated(error, _("cannot read {path}", path=encode(level.folder.path / name))) from error
            if deeper:
                levels.append(deeper)
            yield found
    finally:
        for level in levels:
            level.folder.close()


def _enter(found: Found) -> _Level:
    """Found and entered are one folder, even if it was swapped for another in between."""
    folder = found.parent.enter(found.name)
    return _Level(found.path, folder.stat(), folder, iter(folder.names()))
