"""Volumes on Windows: letters, and folders at which one hangs.

The kind is the file system's name in small letters; `network` for a drive of another host, `ramfs` for one in memory.
"""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from smena.host.windows.api import volumes

assert sys.platform == "win32"  # tells mypy too

_OF_DRIVE = {volumes.NETWORK: "network", volumes.MEMORY: "ramfs"}


class Mount(NamedTuple):
    """One mount: where, of what kind, from what, and whether it may be written."""

    point: str
    kind: str
    source: str
    read_only: bool


def read() -> list[Mount]:
    """Volumes of disks first, then drives that are none: shares, and folders with a letter."""
    found = {point: name for name in volumes.names() for point in volumes.points(name)}
    for letter in volumes.letters():
        found.setdefault(letter, letter)
    return [mount for point, source in found.items() if (mount := _mount(point, source)) is not None]


def is_point(path: str) -> bool:
    return os.path.ismount(path)


def room(path: str) -> tuple[int, int]:
    """(total, free for us) in bytes."""
    import shutil

    usage = shutil.disk_usage(path)
    return usage.total, usage.free


def _mount(point: str, source: str) -> Mount | None:
    about = volumes.about(point)
    if about is None:  # a drive without a disc
        return None
    shown = point if len(point) <= 3 else point.rstrip("\\")
    read_only = bool(about.flags & volumes.READ_ONLY) or about.drive == volumes.DISC
    return Mount(shown, _OF_DRIVE.get(about.drive, about.system.lower()), source.rstrip("\\"), read_only)
