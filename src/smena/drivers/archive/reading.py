"""Reading archives as a stream: members in their order, each with its content.

What cut or damaged archives look like differs from kind to kind, and Python's readers pass over some of it:
tarfile takes a cut between two members, or a spoilt header, for the end. So the end itself is proven:
the block of zeros must have been there, and the compressed stream must be whole to its last byte.
"""

from __future__ import annotations

import calendar
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any, Self

from smena.drivers.archive.members import FILE, FOLDER, HARD_LINK, LINK, OTHER, Limits, Member, refused
from smena.drivers.archive.streams import Broken, Counted, kind_of, opened
from smena.errors import BadArchive
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import Text, _, plain

Content = Callable[[], IO[bytes]]
_LONGEST_HEADER = 1024 * 1024
_LONGEST_LINK = 4096
_BUFFER = 256 * 1024


def read(path: Path, limits: Limits) -> Iterator[tuple[Member, Content]]:
    """Each member as the archive tells it. Its content is to be read, if at all, before the next is asked for."""
    with telling(_("cannot read {path}", path=encode(path))), _damage_told(path):
        yield from _zip(path) if kind_of(path) == "zip" else _tar(path, limits)


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except (*Broken, tarfile.TarError, zipfile.BadZipFile, NotImplementedError, UnicodeError) as error:
        raise _damaged(path, plain(error)) from error


def _damaged(path: Path, why: Text) -> BadArchive:
    return BadArchive(_("the archive {path} is damaged or cut off", path=encode(path)), why=[why])


class _Guarded(io.RawIOBase):
    """A member's content: damage that shows only when it is read is told like any other."""

    def __init__(self, path: Path, content: IO[bytes]) -> None:
        super().__init__()
        self._path = path
        self._content = content

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        with _damage_told(self._path):
            piece = self._content.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self._content.close()
        super().close()


def _guarded(path: Path, content: IO[bytes]) -> IO[bytes]:
    return io.BufferedReader(_Guarded(path, content), _BUFFER)


# -- tar ---------------------------------------------------------------------------


def _tar(path: Path, limits: Limits) -> Iterator[tuple[Member, Content]]:
    class Header(tarfile.TarInfo):
        """Sees every header block: the one of zeros that ends an archive, and those that claim a huge name."""

        ended = False

        @classmethod
        def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
            Header.ended = len(buf) == tarfile.BLOCKSIZE and not any(buf)
            header = super().frombuf(buf, encoding, errors)
            if header.type in _NAMES and header.size > _LONGEST_HEADER:
                raise refused(header.name, _("its header is longer than {limit} bytes", limit=_LONGEST_HEADER))
            return header

    with opened(path) as stream:
        counted = Counted(stream, path, limits)
        with tarfile.open(fileobj=counted, mode="r|", tarinfo=Header) as archive:
            for header in archive:
                forget(archive)
                yield _of_tar(header), partial(_content, path, archive, header)
        if not Header.ended:
            raise _damaged(path, _("its end is missing"))
        counted.drain()


_NAMES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


def _of_tar(header: tarfile.TarInfo) -> Member:
    if header.issparse():
        raise refused(header.name, _("it is a sparse member"))
    size = header.size if header.isreg() else 0
    return Member(header.name, _kind(header), size, header.mode & 0o777, int(header.mtime), header.linkname)


def _kind(header: tarfile.TarInfo) -> str:
    if header.isreg():
        return FILE
    if header.isdir():
        return FOLDER
    if header.issym():
        return LINK
    return HARD_LINK if header.islnk() else OTHER


def forget(archive: tarfile.TarFile) -> None:
    """It would remember every member of a stream that is passed once."""
    vars(archive)["members"] = []


def _content(path: Path, archive: tarfile.TarFile, header: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(header)
    if content is None:
        raise refused(header.name, _("it has no content"))
    return _guarded(path, content)


# -- zip ---------------------------------------------------------------------------


def _zip(path: Path) -> Iterator[tuple[Member, Content]]:
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        _judge_overlap(entries, path)
        for entry in entries:
            member = _of_zip(entry)
            if member.kind == LINK:
                with archive.open(entry) as content:
                    target = content.read(_LONGEST_LINK).decode("utf-8", "surrogateescape")
                member = Member(member.path, LINK, 0, member.mode, member.mtime, target)
            yield member, partial(_zip_content, path, archive, entry)


def _zip_content(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> IO[bytes]:
    with _damage_told(path):
        return _guarded(path, archive.open(entry))


def _judge_overlap(entries: list[zipfile.ZipInfo], path: Path) -> None:
    """Members that share their bytes make a small archive unpack to anything."""
    end = -1
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise _damaged(path, _("its members overlap"))
        end = entry.header_offset + entry.compress_size


def _of_zip(entry: zipfile.ZipInfo) -> Member:
    """Windows' own tools write `\\` between folders; names after a zero byte are hidden by Python."""
    name = entry.orig_filename.replace("\\", "/")
    if entry.flag_bits & 1:
        raise refused(name, _("it is encrypted"))
    mode = entry.external_attr >> 16
    folder = name.endswith("/") or stat.S_ISDIR(mode)
    kind = FOLDER if folder else {0: FILE, stat.S_IFREG: FILE, stat.S_IFLNK: LINK}.get(stat.S_IFMT(mode), OTHER)
    permissions = mode & 0o777 or (0o755 if folder else 0o644)
    return Member(name, kind, 0 if folder else entry.file_size, permissions, _time(entry))


def _time(entry: zipfile.ZipInfo) -> int:
    """A zip knows no time zone: taken as UTC, so that it unpacks the same everywhere."""
    return calendar.timegm((*entry.date_time, 0, 0, 0))
