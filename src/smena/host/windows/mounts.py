"""Volumes on Windows."""

from __future__ import annotations

import os
from typing import NamedTuple

from smena.host.windows.unfit import unfit
from smena.text import _


class Mount(NamedTuple):
    """One mount: where, of what kind, from what, and whether it may be written."""

    point: str
    kind: str
    source: str
    read_only: bool


def read() -> list[Mount]:
    raise unfit(_("list the volumes"))


def is_point(path: str) -> bool:
    return os.path.ismount(path)


def room(path: str) -> tuple[int, int]:
    """(total, free for us) in bytes."""
    import shutil

    usage = shutil.disk_usage(path)
    return usage.total, usage.free
