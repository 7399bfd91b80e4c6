"""Where logs ended at an instant: what they gained since is what came after it.

A log is known by its inode: a rotated one keeps its mark under its new name, and a
new file of the old name counts from its beginning. Logs may be large and a wait may be long, so what they gain
is read once, piece by piece, and only the last line of each is held.
"""

from __future__ import annotations

import codecs
import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from smena.host import files
from smena.host.native import content
from smena.host.paths import decode, encode

_PIECE = 1024 * 1024


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


class Gained:
    """The lines that matching logs gained since a mark."""

    def __init__(self, folder: Path, slot: str, pattern: str, encoding: str = "utf-8") -> None:
        place = _place(folder, slot)
        marks = msgspec.json.decode(place.read_bytes(), type=list[Mark]) if place.exists() else []
        self._ends = {mark.inode: mark.size for mark in marks}
        self._pattern = pattern
        self._encoding = encoding
        self._reading: dict[int, _Reading] = {}

    def fresh(self) -> Iterator[tuple[Path, str]]:
        """What is new since the last call. A line that is not whole yet is given too, and once more when it is."""
        for path in sorted(matching(self._pattern)):
            with open(path, "rb", opener=content.open_to_read) as file:
                info = os.fstat(file.fileno())
                reading = self._of(info)
                reading.path = path
                file.seek(reading.offset)
                while piece := file.read(_PIECE):
                    for line in reading.lines(piece):
                        yield path, line
                if reading.rest.strip():
                    reading.last = reading.rest
                    yield path, reading.rest

    def last(self) -> dict[Path, str]:
        """The last line that says anything, of each log that gained one."""
        return {reading.path: reading.last for reading in self._reading.values() if reading.last}

    def _of(self, info: os.stat_result) -> _Reading:
        """A log that was cut counts from its beginning."""
        reading = self._reading.get(info.st_ino)
        start = self._ends.get(info.st_ino, 0) if reading is None else reading.offset
        if reading is None or start > info.st_size:
            reading = _Reading(self._encoding, start if start <= info.st_size else 0)
            self._reading[info.st_ino] = reading
        return reading


class _Reading:
    """How far one log was read."""

    def __init__(self, encoding: str, offset: int) -> None:
        self.path = Path()
        self.offset = offset
        self.last = ""
        self.rest = ""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def lines(self, piece: bytes) -> Iterator[str]:
        self.offset += len(piece)
        *whole, self.rest = (self.rest + self._decoder.decode(piece)).split("\n")
        for line in whole:
            if line.strip():
                self.last = line.rstrip("\r")
                yield self.last


def matching(pattern: str) -> list[Path]:
    """The pattern is a whole path of a plan, which pathlib's own globbing does not take."""
    found = glob.glob(decode(pattern), recursive=True, include_hidden=True)
    return [Path(name) for name in found if Path(name).is_file()]


def _mark(path: Path) -> Mark:
    info = path.stat()
    return Mark(encode(path), info.st_ino, info.st_size)


def _place(folder: Path, slot: str) -> Path:
    return folder / "marks" / f"{slot}.json"
