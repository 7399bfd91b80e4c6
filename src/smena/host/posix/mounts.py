"""Mounts on Linux, from /proc/self/mountinfo; and how much room each has."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import NamedTuple

assert sys.platform != "win32"  # tells mypy too

_OCTAL = re.compile(r"\\([0-7]{3})")


class Mount(NamedTuple):
    """One mount: where, of what kind, from what, and whether it may be written."""

    point: str
    kind: str
    source: str
    read_only: bool


def read(table: Path = Path("/proc/self/mountinfo")) -> list[Mount]:
    """In the order in which they were made: of two at one point the later one is seen."""
    text = table.read_text("utf-8", "surrogateescape")
    return [_mount(line) for line in text.splitlines()]


def is_point(path: str) -> bool:
    """Whether something is mounted at exactly this path; a bind mount has the device number of its parent."""
    return any(mount.point == path for mount in read())


def room(path: str) -> tuple[int, int]:
    """(total, free for us) in bytes."""
    info = os.statvfs(path)
    free = info.f_bfree if os.geteuid() == 0 else info.f_bavail
    return info.f_blocks * info.f_frsize, free * info.f_frsize


def _mount(line: str) -> Mount:
    head, _, tail = line.partition(" - ")
    first, last = head.split(), tail.split()
    options = {*first[5].split(","), *(last[2].split(",") if len(last) > 2 else ())}
    return Mount(plain_field(first[4]), last[0], plain_field(last[1]), "ro" in options)


def plain_field(text: str) -> str:
    """Blanks and the like are written as octal numbers."""
    return _OCTAL.sub(lambda found: chr(int(found.group(1), 8)), text)
