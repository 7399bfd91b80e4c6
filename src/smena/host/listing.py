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
from smena.host.native import attributes, content, durable, moves
from smena.host.paths import decode, encode
from smena.host.trouble import telling
from smena.host.walk import order
from smena.text import Text, _


class Named(Protocol):
    """An entry; its path is in the escaped form."""

    @property
    def path(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)
_encoder = msgspec.json.Encoder()
_MANY = 1000
_BLOCK = 256 * 1024


@contextmanager
def written(path: Path) -> Iterator[Callable[[object], None]]:
    """Inside the block, give each entry to the function; the list is there when the block has ended well."""
    fresh = files.temporary(path)
    message = _("cannot write {path}", path=encode(path))
    with telling(message):
        moves.remove(str(fresh))
        descriptor = content.create(str(fresh), attributes.own(0o600))
    try:
        sink = _Sink(descriptor, message)
        yield sink.add
        sink.finish()
    except BaseException:
        os.close(descriptor)  # first: on Windows an open file keeps its name
        moves.remove(str(fresh))
        raise
    os.close(descriptor)
    with telling(message):
        faults.point("listing.synced")
        moves.replace(str(fresh), str(path))
        durable.sync_folder(str(path.parent))


class _Sink:
    """Counts the entries and writes them, many at a time."""

    def __init__(self, descriptor: int, message: Text) -> None:
        self._descriptor = descriptor
        self._message = message
        self._waiting: list[object] = []
        self._count = 0

    def add(self, entry: object) -> None:
        self._waiting.append(entry)
        if len(self._waiting) >= _MANY:
            self._write(_encoder.encode_lines(self._waiting))
            self._count += len(self._waiting)
            self._waiting.clear()

    def finish(self) -> None:
        self._count += len(self._waiting)
        self._write(_encoder.encode_lines(self._waiting) + f"={self._count}\n".encode("ascii"))
        with telling(self._message):
            durable.sync_file(self._descriptor)

    def _write(self, lines: bytes) -> None:
        rest = memoryview(lines)
        with telling(self._message):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]


def read(path: Path, kind: type[Entry]) -> Iterator[Entry]:
    """The entries, one by one; a damaged or cut list is an error."""
    decoder = msgspec.json.Decoder(kind)
    count = 0
    with telling(_("cannot read {path}", path=encode(path))), path.open("rb") as file:
        for lines in _blocks(file):
            body, mark, end = lines.rpartition(b"=") if lines.startswith(b"=") or b"\n=" in lines else (lines, b"", b"")
            try:
                entries = decoder.decode_lines(body)
            except msgspec.DecodeError as error:
                raise _damaged(path) from error
            count += len(entries)
            yield from entries
            if mark:
                if end == f"{count}\n".encode("ascii"):
                    return
                break
    raise _damaged(path)


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Many whole lines at a time."""
    rest = b""
    while block := file.read(_BLOCK):
        whole, newline, rest = (rest + block).rpartition(b"\n")
        if newline:
            yield whole + newline
    if rest:
        yield rest


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
