"""Our own archives: a tar of whole trees, compressed with zstandard, that carries the proof of every member.

The last member, `.smena-proof`, lists every other one with its digest. Reading back reads all, and compares: a backup
counts only after that. A half-made archive never has the name of a whole one. Not kept yet: extended
attributes, and which names were one file.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import msgspec
import zstandard

from smena import faults
from smena.drivers.archive.members import FILE, Limits, Member
from smena.drivers.archive.reading import Content, forget, read
from smena.errors import BadArchive, CannotCopy, PathUnfit, StillWritten
from smena.host import files
from smena.host.copy import state
from smena.host.native import attributes, durable, moves
from smena.host.native import content as contents
from smena.host.paths import encode
from smena.host.patterns import matcher
from smena.host.ports import Progress, no_progress
from smena.host.trouble import telling
from smena.host.walk import Found, Left, walk
from smena.text import _

PROOF = ".smena-proof"
_LEVEL = 3
_PIECE = 1024 * 1024
_NO_LIMITS = Limits(total=2**62, members=2**40, ratio=2**40)
_TYPES = {state.FILE: tarfile.REGTYPE, state.FOLDER: tarfile.DIRTYPE, state.LINK: tarfile.SYMTYPE}


class Line(msgspec.Struct, frozen=True, array_like=True):
    """The proof of one member: `proof` is the digest of a file, or a link's target."""

    path: str
    kind: str
    size: int
    mode: int
    proof: str


def make(
    target: Path, trees: Mapping[str, Path], *, without: Sequence[str] = (), progress: Progress = no_progress
) -> int:
    """Archive resting trees, each under its name; the number of files in it. Sockets and pipes are left out."""
    if os.path.lexists(target):
        raise PathUnfit(_("cannot write {path}: something is there already", path=encode(target)))
    fresh = files.temporary(target)
    try:
        with telling(_("cannot write {path}", path=encode(target))), tempfile.TemporaryFile(dir=target.parent) as lines:
            moves.remove(str(fresh))
            descriptor = contents.create(str(fresh), attributes.own(0o600))
            with os.fdopen(descriptor, "wb") as file:
                count = _pack(file, lines, trees, without, progress)
                file.flush()
                durable.sync_file(descriptor)
            faults.point("archive.packed")
            moves.rename_new(str(fresh), str(target))
            durable.sync_folder(str(target.parent))
    except BaseException:
        moves.remove(str(fresh))
        raise
    return count


def read_back(target: Path, *, progress: Progress = no_progress) -> int:
    """Read every byte, and compare with the proof; the number of files. What differs first is named."""
    size = count = 0
    proven = False
    with tempfile.TemporaryFile(dir=target.parent) as lines:
        for member, content in read(target, _NO_LIMITS):
            if proven:
                raise _not_proven(target, encode(member.path))
            if member.path == PROOF:
                _compare(target, lines, content)
                proven = True
                continue
            lines.write(msgspec.json.encode(_line_of(member, content)) + b"\n")
            size, count = size + member.size, count + (member.kind == FILE)
            progress(size, count)
    if not proven:
        raise _not_proven(target, PROOF)
    return count


# -- making -------------------------------------------------------------------------


def _pack(
    file: IO[bytes], lines: IO[bytes], trees: Mapping[str, Path], without: Sequence[str], progress: Progress
) -> int:
    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True)
    size = count = 0
    with (
        packer.stream_writer(file, closefd=False) as stream,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT, encoding="utf-8") as archive,
    ):
        for name, root in trees.items():
            for seen in walk(root, matcher(without)):
                line = None if isinstance(seen, Left) else _add(archive, name, seen)
                if line is not None:
                    lines.write(msgspec.json.encode(line) + b"\n")
                    size, count = size + line.size, count + (line.kind == FILE)
                    progress(size, count)
                forget(archive)
        _add_proof(archive, lines)
    return count


def _add(archive: tarfile.TarFile, name: str, found: Found) -> Line | None:
    path = encode(found.parent.path / found.name)
    kind = state.kind_of(found.stat)
    if kind == state.DEVICE:
        raise CannotCopy(_("{path} is a device; it cannot be copied", path=path))
    if kind == state.OTHER:
        return None
    header = _header(f"{name}/{found.path}".rstrip("/"), kind, found)
    with telling(_("cannot read {path}", path=path)):
        if kind != state.FILE:
            archive.addfile(header)
            return Line(encode(header.name), _KINDS[kind], 0, header.mode & 0o777, encode(header.linkname))
        descriptor = found.parent.open(found.name)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            return _add_file(archive, header, file, path)


def _add_file(archive: tarfile.TarFile, header: tarfile.TarInfo, file: IO[bytes], path: str) -> Line:
    """The digest is of the very bytes that go into the archive."""
    before = os.fstat(file.fileno())
    header.size = before.st_size
    hashed = _Hashed(file)
    changed = StillWritten(_("{path} changed while it was copied", path=path))
    try:
        archive.addfile(header, hashed)
    except OSError as error:
        if error.errno is None:  # tarfile's own complaint, of a file that became shorter
            raise changed from error
        raise
    after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise changed
    return Line(encode(header.name), FILE, header.size, header.mode & 0o777, hashed.digest.hexdigest())


def _header(name: str, kind: str, found: Found) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.type = _TYPES[kind]
    header.mode = found.stat.st_mode & 0o7777
    header.uid, header.gid = found.stat.st_uid, found.stat.st_gid
    header.mtime = found.stat.st_mtime_ns // 1_000_000_000
    header.linkname = found.parent.link_target(found.name) if kind == state.LINK else ""
    return header


def _add_proof(archive: tarfile.TarFile, lines: IO[bytes]) -> None:
    header = tarfile.TarInfo(PROOF)
    header.size = lines.tell()
    lines.seek(0)
    archive.addfile(header, lines)


class _Hashed:
    """Hashes what is read through it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.blake2b(digest_size=32)

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


# -- reading back ---------------------------------------------------------------------


def _line_of(member: Member, content: Content) -> Line:
    proof = encode(member.target)
    if member.kind == FILE:
        digest = hashlib.blake2b(digest_size=32)
        with content() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        proof = digest.hexdigest()
    return Line(encode(member.path), member.kind, member.size, member.mode, proof)


def _compare(target: Path, lines: IO[bytes], content: Content) -> None:
    lines.seek(0)
    with content() as stream:
        for wanted in stream:
            if lines.readline() != wanted:
                raise _not_proven(target, msgspec.json.decode(wanted, type=Line).path)
    rest = lines.readline()
    if rest:
        raise _not_proven(target, msgspec.json.decode(rest, type=Line).path)


def _not_proven(target: Path, member: str) -> BadArchive:
    why = _("the member {member} is not what was archived", member=member)
    return BadArchive(_("the archive {path} does not hold what was put into it", path=encode(target)), why=[why])


_KINDS = {state.FOLDER: "folder", state.LINK: "link"}
