"""Mount points cannot be renamed, and what is mounted inside a tree would not move as the tree's own content does."""

from __future__ import annotations

import os
from pathlib import Path

from smena import faults
from smena.errors import PathUnfit
from smena.host import files, removal
from smena.host.native import attributes, mounts
from smena.host.paths import encode, followed
from smena.text import _


def is_mount(path: Path) -> bool:
    """A mount point cannot be renamed, only what lies in it."""
    return mounts.is_point(str(followed(path.parent) / path.name))


def refuse_mount(path: Path) -> None:
    """Only what is no mount point, and has none in it, can be renamed away whole."""
    if not files.is_link(path) and is_mount(path):
        raise PathUnfit(_("{path} cannot be moved: it is a mount point", path=encode(path)))
    refuse_mounts_below(path)


def refuse_mounts_below(path: Path) -> None:
    """A tree with another file system in it can be copied, but not put back: the mount would come over it again."""
    real = os.path.normcase(followed(path.parent) / path.name).rstrip(os.sep) + os.sep
    inside = next((mount for mount in mounts.read() if os.path.normcase(mount.point).startswith(real)), None)
    if inside is not None:
        raise PathUnfit(
            _("{path} cannot be kept whole: {mount} is mounted in it", path=encode(path), mount=encode(inside.point)),
            hint=_("name what is mounted there as a path of its own in the definition"),
        )


def clear_into(root: Path, aside: Path) -> None:
    """Everything in a mount point to a folder of ours on the same mount, which becomes what the mount point is."""
    files.make_folder(aside, attributes.own(0o700))
    _move_entries(root, aside)
    attributes.apply(str(aside), attributes.read(str(root)))


def fill_from(content: Path, root: Path) -> None:
    """Everything in a folder of ours to the empty mount point, which becomes what the folder is."""
    _move_entries(content, root)
    attributes.apply(str(root), attributes.read(str(content)))


def _move_entries(source: Path, target: Path) -> None:
    """Every entry of a folder, save our own. What has moved already is not found any more."""
    for name in sorted(entry.name for entry in source.iterdir()):
        if name != removal.OURS:
            files.rename(source / name, target / name)
            faults.point("restore.entry-moved")
