"""Links on Linux: one kind, made in one call, led elsewhere by a rename over the old one."""

from __future__ import annotations

import os

from smena.host.ports import Folder

IN_ONE_INSTANT = True
"""A death never finds half of a link."""


def is_link(path: str) -> bool:
    return os.path.islink(path)


def target(path: str) -> str:
    """What the link leads to, as it stands there."""
    return os.readlink(path)


def kind(path: str) -> str:
    """There is but one."""
    del path
    return ""


def make(path: str, to: str, as_kind: str = "") -> None:
    """A link under a name that is free."""
    del as_kind
    os.symlink(to, path)


def copy(folder: Folder, name: str, path: str) -> None:
    """The very link, whatever it leads to."""
    os.symlink(folder.link_target(name), path)


def retarget(path: str, to: str) -> bool:
    """Lead a link elsewhere in one call; false where a new one has to be renamed over it."""
    del path, to
    return False
