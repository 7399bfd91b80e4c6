"""Removing whole trees: only our own, never through a link, never across a mount.

smena deletes nothing that belongs to a product: what a step replaces moves into a restore
point. So the only trees removed are those below a `.smena` folder, and half-made neighbours
(`files.temporary`). A death in the middle leaves less of the tree; the removal is simply repeated.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from smena import faults
from smena.errors import PathUnfit
from smena.host.files import NEW, is_link
from smena.host.native import durable, folders, mounts
from smena.host.paths import encode
from smena.host.ports import Folder
from smena.host.trouble import telling
from smena.text import _

OURS = ".smena"


def remove_tree(path: Path) -> None:
    """Remove one of our own trees, durably. A missing one is fine."""
    _check_ours(path)
    _check_no_mount(path)
    with telling(_("cannot remove {path}", path=encode(path))):
        if not path.parent.is_dir():
            return
        clear(path)
        faults.point("removal.removed")
        durable.sync_folder(str(path.parent))


def clear(path: Path) -> None:
    """Remove whatever lies at `path`, without asking whose it is: for those who made it a moment ago."""
    with folders.open_folder(path.parent) as parent:
        _clear(parent, path.name)


def remove_empty(path: Path) -> bool:
    """Take a folder away if nothing lies in it; false where something does, or where it is no folder."""
    with telling(_("cannot remove {path}", path=encode(path))):
        if is_link(path) or not path.is_dir() or any(path.iterdir()):
            return False
        try:
            folders.remove(str(path))
        except OSError as error:
            if error.errno in (errno.ENOTEMPTY, errno.EEXIST):  # somebody else came first
                return False
            raise
        durable.sync_folder(str(path.parent))
        return True


class _Frame(NamedTuple):
    """A folder that is being emptied: where it hangs, and the folders in it that are still to go."""

    above: Folder
    name: str
    folder: Folder
    left: list[str]


def _clear(parent: Folder, name: str) -> None:
    """Bottom up and without recursion, because a tree may be deeper than Python's stack."""
    try:
        info = parent.stat_of(name)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(info.st_mode):
        parent.remove_file(name)
        return
    stack = [_opened(parent, name)]
    try:
        while stack:
            frame = stack[-1]
            if frame.left:
                stack.append(_opened(frame.folder, frame.left.pop(), info.st_dev))
                continue
            frame.folder.close()
            frame.above.remove_folder(frame.name)
            stack.pop()
            faults.point("removal.folder")
    finally:
        for frame in stack:
            frame.folder.close()


def _opened(above: Folder, name: str, device: int | None = None) -> _Frame:
    """Enter a folder and remove everything in it that is no folder."""
    folder = above.enter_to_empty(name)
    if device is not None and folder.stat().st_dev != device:
        folder.close()
        raise PathUnfit(_("{path} is another file system; it was left alone", path=encode(folder.path)))
    left = []
    for entry in folder.names():
        if stat.S_ISDIR(folder.stat_of(entry).st_mode):
            left.append(entry)
        else:
            folder.remove_file(entry)
    return _Frame(above, name, folder, left)


def _check_ours(path: Path) -> None:
    if OURS not in path.parent.parts and not path.name.endswith(NEW):
        raise PathUnfit(_("{path} was not made by smena, so it is not removed", path=encode(path)))


def _check_no_mount(path: Path) -> None:
    """A bind mount of the same file system has the same device number: only the table of mounts tells."""
    real = os.path.normcase(os.path.realpath(path))
    for mount in mounts.read():
        point = os.path.normcase(mount.point)
        if point == real or point.startswith(real + os.sep):
            raise PathUnfit(
                _("{path} is not removed: {mount} is mounted there", path=encode(path), mount=encode(mount.point))
            )
