"""Where logs ended at an instant: what they gained since is what came after it.

A log is known by its inode: a rotated one keeps its mark under its new name, and a
new file of the old name counts from its beginning.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from smena.host import files
from smena.host.paths import encode


class Mark(msgspec.Struct, frozen=True):
    """One log's end."""

    path: str
    inode: int
    size: int


def take(folder: Path, slot: str, patterns: Iterable[str]) -> None:
    """Write down where every matching log ends; once: a repetition must not move the marks."""
    place = _place(folder, slot)
    if place.exists():
        return
    files.make_folder(place.parent)
    found = {path for pattern in patterns for path in matching(pattern)}
    files.write_file(place, msgspec.json.encode([_mark(path) for path in sorted(found)]))


def gained(folder: Path, slot: str, pattern: str) -> Iterator[tuple[Path, bytes]]:
    """Every matching log that has something new, with what is new."""
    place = _place(folder, slot)
    marks = msgspec.json.decode(place.read_bytes(), type=list[Mark]) if place.exists() else []
    ends = {mark.inode: mark.size for mark in marks}
    for path in sorted(matching(pattern)):
        with path.open("rb") as file:
            info = os.fstat(file.fileno())
            start = ends.get(info.st_ino, 0)
            file.seek(start if start <= info.st_size else 0)
            fresh = file.read()
        if fresh:
            yield path, fresh


def matching(pattern: str) -> list[Path]:
    """The pattern is a whole path, which pathlib's own globbing does not take."""
    found = glob.glob(pattern, recursive=True, include_hidden=True)
    return [Path(name) for name in found if Path(name).is_file()]


def _mark(path: Path) -> Mark:
    info = path.stat()
    return Mark(encode(path), info.st_ino, info.st_size)


def _place(folder: Path, slot: str) -> Path:
    return folder / "marks" / f"{slot}.json"
