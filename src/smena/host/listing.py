"""Long lists on disk: one JSON line an entry, in the order of the walk, read and written as a stream.

A tree may have millions of files, so nobody holds such a list in memory. It appears under its name only
when it is complete and on the disk, and its last line says how many entries it has: a list that was cut is noticed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol, TypeVar

import msgspec

from smena import faults
from smena.errors import BadContent
from smena.host import files
from smena.host.native import durable, moves
from smena.host.paths import decode, encode
from smena.host.trouble import telling, translated
from smena.host.walk import order
from smena.text import _


class Named(Protocol):
    """An entry; its path is in the escaped form."""

    @property
    def path(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)
_encoder = msgspec.json.Encoder()


@contextmanager
def written(path: Path) -> Iterator[Callable[[object], None]]:
    """Inside the block, give each entry to the function; the list is there when the block has ended well."""
    fresh = files.temporary(path)
    with telling(_("cannot write {path}", path=encode(path))):
        file = fresh.open("wb")
    try:
        with file:
            sink = _Sink(file, path)
            yield sink.add
            sink.finish()
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    with telling(_("cannot write {path}", path=encode(path))):
        faults.point("listing.synced")
        moves.replace(str(fresh), str(path))
        durable.sync_folder(str(path.parent))


class _Sink:
    """Writes and counts the entries."""

    def __init__(self, file: IO[bytes], path: Path) -> None:
        self._file = file
        self._message = _("cannot write {path}", path=encode(path))
        self._count = 0

    def add(self, entry: object) -> None:
        try:
            self._file.write(_encoder.encode(entry) + b"\n")
        except OSError as error:
            raise translated(error, self._message) from error
        self._count += 1

    def finish(self) -> None:
        with telling(self._message):
            self._file.write(f"={self._count}\n".encode("ascii"))
            self._file.flush()
            os.fsync(self._file.fileno())


def read(path: Path, kind: type[Entry]) -> Iterator[Entry]:
    """The entries, one by one; a damaged or cut list is an error."""
    decoder = msgspec.json.Decoder(kind)
    count = 0
    with telling(_("cannot read {path}", path=encode(path))), path.open("rb") as file:
        for line in file:
            if line.startswith(b"="):
                if line == f"={count}\n".encode("ascii"):
                    return
                break
            try:
                yield decoder.decode(line)
            except msgspec.DecodeError as error:
                raise _damaged(path) from error
            count += 1
    raise _damaged(path)


def paired(old: Iterator[Entry], new: Iterator[Entry]) -> Iterator[tuple[Entry | None, Entry | None]]:
    """Two lists side by side: (old, None) is gone, (None, new) is new."""
    first, second = next(old, None), next(new, None)
    while first is not None or second is not None:
        if second is None or (first is not None and _place(first) < _place(second)):
            yield first, None
            first = next(old, None)
        elif first is None or _place(second) < _place(first):
            yield None, second
            second = next(new, None)
        else:
            yield first, second
            first, second = next(old, None), next(new, None)


def _place(entry: Named) -> str:
    return order(decode(entry.path))


def _damaged(path: Path) -> BadContent:
    return BadContent(_("{path} is damaged: it is not a complete list", path=encode(path)))
