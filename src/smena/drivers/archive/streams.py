"""The bytes beneath an archive: which kind they are of, taken apart, counted, and whole to the end."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

import zstandard

from smena.drivers.archive.members import Limits
from smena.errors import BadArchive
from smena.host.paths import encode
from smena.text import _

Broken = (EOFError, zlib.error, gzip.BadGzipFile, lzma.LZMAError, zstandard.ZstdError)
_WINDOW = 128 * 1024 * 1024
_PIECE = 256 * 1024
_FRAME = 0xFD2FB528
_SKIPPED_FRAMES = range(0x184D2A50, 0x184D2A60)
_MAGIC = ((b"\x1f\x8b", "gz"), (b"\xfd7zXZ\0", "xz"), (b"\x28\xb5\x2f\xfd", "zst"), (b"PK\x03\x04", "zip"))
_EMPTY_ZIP = b"PK\x05\x06"


def kind_of(path: Path) -> str:
    """By the first bytes: a name proves nothing. What is none of the others is taken for a plain tar."""
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_EMPTY_ZIP):
        return "zip"
    if len(head) >= 4 and int.from_bytes(head[:4], "little") in _SKIPPED_FRAMES:
        return "zst"
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), "tar")


class Readable(Protocol):
    """All that is needed of a stream."""

    def read(self, size: int = -1, /) -> bytes: ...


@contextmanager
def opened(path: Path) -> Iterator[Readable]:
    """What a compressed tar holds; a plain one as it is."""
    kind = kind_of(path)
    with path.open("rb") as file:
        if kind == "zst":
            _prove_whole(file)
            unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
            with unpacker.stream_reader(file, read_across_frames=True) as stream:
                yield stream
        elif kind == "tar":
            yield file
        elif kind == "gz":
            with gzip.open(file) as stream:
                yield stream
        else:
            with lzma.open(file) as stream:
                yield stream


class Counted(io.RawIOBase):
    """Counts what comes out of an archive: what it claims to hold may be a lie, and headers are bytes too."""

    def __init__(self, stream: Readable, path: Path, limits: Limits) -> None:
        super().__init__()
        self._stream = stream
        self._path = path
        self._limits = limits
        self._packed = max(path.stat().st_size, 1)
        self._count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(size)
        self._count += len(piece)
        if self._count > self._limits.small and self._count > self._packed * self._limits.ratio:
            raise self._bomb()
        if self._count > self._limits.total + self._limits.members * 2048:
            raise self._bomb()
        return piece

    def drain(self) -> None:
        """To the last byte: only there is the check sum."""
        while self.read(_PIECE):
            pass

    def _bomb(self) -> BadArchive:
        why = _("it is {packed} bytes long and holds more than {count}", packed=self._packed, count=self._count)
        return BadArchive(_("the archive {path} holds too much", path=encode(self._path)), why=[why])


def _prove_whole(file: IO[bytes]) -> None:
    """zstandard takes a frame that was cut off for one that ended; the lengths of its blocks tell."""
    end = os.fstat(file.fileno()).st_size
    while file.tell() < end:
        magic = _number(file, 4)
        if magic in _SKIPPED_FRAMES:
            file.seek(_number(file, 4), os.SEEK_CUR)
        elif magic == _FRAME:
            _skip_frame(file)
        else:
            raise EOFError("there is something behind its last frame")
    if file.tell() != end:
        raise EOFError("its last frame is cut off")
    file.seek(0)


def _skip_frame(file: IO[bytes]) -> None:
    descriptor = _number(file, 1)
    single = descriptor >> 5 & 1
    sized = (single, 2, 4, 8)[descriptor >> 6]
    file.seek((not single) + (0, 1, 2, 4)[descriptor & 3] + sized, os.SEEK_CUR)
    last = False
    while not last:
        block = _number(file, 3)
        last, repeated = bool(block & 1), block >> 1 & 3 == 1
        file.seek(1 if repeated else block >> 3, os.SEEK_CUR)
    file.seek(4 if descriptor >> 2 & 1 else 0, os.SEEK_CUR)


def _number(file: IO[bytes], length: int) -> int:
    raw = file.read(length)
    if len(raw) < length:
        raise EOFError("its last frame is cut off")
    return int.from_bytes(raw, "little")
