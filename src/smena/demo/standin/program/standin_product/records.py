"""The records of a database: appended to one file in `wal`, which moves to `snapshots` when it is full.

A record is durable when `add` returns. All of them are kept in memory as well: the
product is small, and a start must be quick.
"""

from __future__ import annotations

import os
import threading

from . import disk
from .formats import FORMATS, Format, Record
from .refusal import Refusal

PER_FILE = 100


class Records:
    """The open records; one process at a time, guarded by the database's lock."""

    def __init__(self, database: str, structure: str) -> None:
        self._database = database
        self._format = FORMATS[structure]
        self._guard = threading.Lock()
        self.all: list[Record] = []
        for path in files(database, "snapshots"):
            self.all += self._format.read(disk.read(path), path)[0]
        self._begin()

    def add(self, entries: list[tuple[str, str]]) -> list[int]:
        """Store (kind, text) entries, all or none, and return their ids."""
        with self._guard:
            first = len(self.all) + 1
            fresh = [(first + place, kind, text) for place, (kind, text) in enumerate(entries)]
            self._append(b"".join(map(self._format.encode, fresh)))
            self.all += fresh
            self._in_wal += len(fresh)
            if self._in_wal >= PER_FILE:
                self._seal()
        return [record[0] for record in fresh]

    def close(self) -> None:
        """Wait for the writer at work, and let nobody write after it."""
        self._guard.acquire()

    def _begin(self) -> None:
        """Open the one file in `wal`, cutting off what a power cut left half written."""
        paths = files(self._database, "wal")
        if len(paths) != 1:
            raise Refusal(f"{self._database}/wal holds {len(paths)} files instead of one")
        self._path = paths[0]
        content = disk.read(self._path)
        found, good = self._format.read(content, self._path, torn=True)
        if good != len(content):
            os.truncate(self._path, good)
        begin = int(os.path.basename(self._path).partition(".")[0])
        whole = begin == len(self.all) + 1
        self.all += found
        if not whole or [record[0] for record in self.all] != list(range(1, len(self.all) + 1)):
            raise Refusal(f"{self._database}: records are missing or out of order")
        self._in_wal = len(found)
        self._size = good

    def _append(self, content: bytes) -> None:
        with open(self._path, "ab", buffering=0) as file:
            try:
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                disk.sync(file.fileno())
            except OSError:
                os.truncate(self._path, self._size)  # no room: as if it had never been asked
                raise
        self._size += len(content)

    def _seal(self) -> None:
        """Start the next file before the full one leaves: `wal` may hold two for an instant, see `mend`."""
        create(self._database, self._format.structure, len(self.all) + 1)
        disk.move(self._path, os.path.join(self._database, "snapshots", os.path.basename(self._path)))
        self._path = files(self._database, "wal")[0]
        self._in_wal, self._size = 0, len(self._format.header)


def create(database: str, structure: str, first: int = 1) -> None:
    """Make the file in `wal` that record number `first` will go to."""
    form = FORMATS[structure]
    disk.write(os.path.join(database, "wal", _name(first, form)), form.header)


def mend(database: str) -> None:
    """Finish a move to `snapshots` that a crash cut short, before the records are opened."""
    for path in files(database, "wal")[:-1]:
        disk.move(path, os.path.join(database, "snapshots", os.path.basename(path)))


def files(database: str, part: str) -> list[str]:
    """The record files of `wal` or `snapshots`, in the order of their records."""
    folder = os.path.join(database, part)
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if not name.endswith(".new")]


def convert(path: str, old: str, new: str, torn: bool) -> None:
    """Rewrite one file into another structure; the old file is gone afterwards."""
    found, _ = FORMATS[old].read(disk.read(path), path, torn)
    form = FORMATS[new]
    target = path.rpartition(".")[0] + "." + form.extension
    disk.write(target, form.header + b"".join(map(form.encode, found)))
    if target != path:
        disk.remove(path)


def _name(first: int, form: Format) -> str:
    return f"{first:010d}.{form.extension}"
