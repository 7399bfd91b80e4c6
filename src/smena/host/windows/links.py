"""Links on Windows: a junction to a folder of this host, a symbolic link to a file.

A junction needs no right and holds a whole path. Only a folder named relative to the link, or on another host, gets a
symbolic link. A link keeps its kind when it is led elsewhere: that is one call of the file system, and at every
instant it leads to the old or to the new. Whatever was made is read back: some systems (Wine) only pretend.
"""

from __future__ import annotations

import errno
import ntpath
import os
import stat
import sys

from smena.errors import PathUnfit
from smena.host.paths import encode
from smena.host.ports import Folder
from smena.host.windows import access, holding, looks, moves
from smena.host.windows.api import handles, names, points
from smena.host.windows.locked import BRIEF
from smena.host.windows.long_paths import joined, usual, whole
from smena.host.windows.reparse_data import Point, built, parsed
from smena.text import _

assert sys.platform == "win32"  # tells mypy too

IN_ONE_INSTANT = False
"""A death may find a folder or a file that is no link yet."""
_FOLDER_LINK, _FILE_LINK, _JUNCTION = "folder", "file", "junction"


def is_link(path: str) -> bool:
    try:
        return stat.S_ISLNK(looks.look(path).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return False


def target(path: str) -> str:
    """What the link leads to, as it stands there."""
    return _point(whole(path)).target


def kind(path: str) -> str:
    """What has to be made again to have the same link."""
    at = whole(path)
    if _point(at).kind == "junction":
        return _JUNCTION
    return _FOLDER_LINK if names.marks(at) & names.FOLDER else _FILE_LINK


def make(path: str, to: str, as_kind: str = "") -> None:
    """A link under a name that is free. Not in one instant: whoever calls makes it beside its place and renames it."""
    found = as_kind or _kind_for(path, to)
    symbolic = Point("symbolic", to.replace("/", "\\"), not ntpath.isabs(to))
    point = Point("junction", usual(whole(_from(path, to)))) if found == _JUNCTION else symbolic
    _make(whole(path), built(point), folder=found != _FILE_LINK)


def copy(folder: Folder, name: str, path: str) -> None:
    """The very link, whatever it leads to."""
    at = joined(whole(str(folder.path)), name)
    with handles.handle(at, handles.READ_ATTRIBUTES) as found:
        data = points.read(found, at)
    _make(whole(path), data, folder=bool(names.marks(at) & names.FOLDER))


def retarget(path: str, to: str) -> bool:
    """Lead a link elsewhere in one call; false where a new one has to be renamed over it: a link to a file.

    Whoever calls writes the folder above it out.
    """
    has = kind(path)
    wanted = _kind_for(path, to, has)
    if has == wanted == _FILE_LINK:
        return False
    if _FILE_LINK in (has, wanted):
        raise PathUnfit(_("{path} cannot lead to a file and to a folder in turn", path=encode(path)))
    absolute = usual(whole(_from(path, to)))
    point = (
        Point("junction", absolute)
        if has == _JUNCTION
        else Point("symbolic", to.replace("/", "\\"), not ntpath.isabs(to))
    )
    _put(whole(path), built(point))
    return True


def _kind_for(path: str, to: str, has: str = "") -> str:
    place = _from(path, to)
    if not os.path.isdir(whole(place)):
        return has if has and not os.path.exists(whole(place)) else _FILE_LINK
    local = not whole(place).startswith("\\\\?\\UNC\\")
    return _JUNCTION if local and ntpath.isabs(to) else _FOLDER_LINK


def _from(path: str, to: str) -> str:
    return to if ntpath.isabs(to) else ntpath.join(ntpath.dirname(usual(whole(path))), to)


def _point(at: str) -> Point:
    with handles.handle(at, handles.READ_ATTRIBUTES) as found:
        point = parsed(points.read(found, at)) if names.marks(at) & names.POINT else None
    if point is None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), usual(at))
    return point


def _make(at: str, data: bytes, *, folder: bool) -> None:
    holding.patient(lambda: _empty(at, folder=folder), at, patience=BRIEF)
    try:
        _put(at, data)
    except BaseException:
        names.remove_folder(at) if folder else moves.remove(at)
        raise


def _empty(at: str, *, folder: bool) -> None:
    if folder:
        names.make_folder(at, None)
    else:
        handles.close(handles.opened(at, handles.WRITE, 0x80, handles.CREATE_NEW))


def _put(at: str, data: bytes) -> None:
    access.take_rights()  # a symbolic link needs one
    with handles.handle(at, handles.READ_ATTRIBUTES | handles.WRITE_ATTRIBUTES) as found:
        points.put(found, data, at)
        kept = points.read(found, at)
    if parsed(kept) != parsed(data):
        raise PathUnfit(
            _("{path} cannot be a link", path=encode(usual(at))),
            why=[_("the file system takes the link and does not keep it")],
        )
