"""The second record of everything that a desk has given away: a file that is only ever appended to, and synced.

Each line holds the hash of the one before it. A line stands in the store first (with what it tells of), then here, and
only then may the answer leave. So the store may be ahead of the file by what a death kept from being written, which is
written at the next look; a file that is ahead of the store means that the store was put back from a backup. A last
line that is cut short was never synced, so nothing that it tells of ever left.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import AnswerLogBad
from smena.host import files
from smena.host.native import attributes, durable
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys.desk.about import About
from smena.keys.exchange.account import Inputs
from smena.keys.primitives import digest
from smena.text import Text, _

_WORDS = b"smena answer log 1\n"


class Answered(msgspec.Struct, frozen=True, kw_only=True, tag="answered", tag_field="what"):
    """Everything that an answer is made of. `audit` is the head of the audit chain before it."""

    number: int
    before: bytes
    at: str
    public: bytes
    inputs: Inputs
    order: int
    audit: bytes


class Enrolled(msgspec.Struct, frozen=True, kw_only=True, tag="enrolled", tag_field="what"):
    """A key that became known."""

    number: int
    before: bytes
    at: str
    enrolment: bytes
    about: About
    audit: bytes


Entry = Answered | Enrolled
_ENTRIES = msgspec.json.Decoder(Answered | Enrolled)


class Mark(msgspec.Struct, frozen=True):
    """A place in the file: after how many lines and bytes, and the hash of the last of them."""

    number: int = 0
    offset: int = 0
    head: bytes = b""


class Line(msgspec.Struct, frozen=True):
    """One line, and the place after it."""

    content: bytes
    entry: Entry
    after: Mark


def encoded(entry: Entry) -> bytes:
    return msgspec.json.encode(entry)


def decoded(content: bytes) -> Entry | None:
    try:
        found: Entry = _ENTRIES.decode(content)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return found


def hash_of(content: bytes) -> bytes:
    return digest(_WORDS + content)


def lines(path: Path, start: Mark) -> Iterator[Line]:
    """The lines after a place, each proven to follow the one before."""
    with telling(_("cannot read {path}", path=encode(path))):
        if not path.exists():
            if start.number:
                raise _bad(path, _("it is not there"))
            return
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            if size < start.offset:
                raise _bad(path, _("it is shorter than it was"))
            file.seek(start.offset)
            rest = file.read()
    yield from _judged(path, start, rest)


def append(path: Path, contents: Iterable[bytes]) -> None:
    """Write lines, synced once; a cut last line is taken away before."""
    data = b"".join(content + b"\n" for content in contents)
    with telling(_("cannot write {path}", path=encode(path))):
        if not path.exists():
            files.write_file(path, b"", attributes.own(0o600))
        with path.open("r+b", buffering=0) as file:
            file.truncate(_whole(file))
            file.seek(0, os.SEEK_END)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            faults.point("desk.log-written")
            durable.sync_file(file.fileno())


def rewritten(path: Path, contents: Iterable[bytes]) -> None:
    """The whole file anew, from what the store knows; the old one is replaced."""
    files.write_file(path, b"".join(content + b"\n" for content in contents), attributes.own(0o600))


def _judged(path: Path, start: Mark, rest: bytes) -> Iterator[Line]:
    mark = start
    for content in rest.split(b"\n")[:-1]:  # what stands after the last line end was never synced
        entry = decoded(content)
        if entry is None or entry.number != mark.number + 1 or entry.before != mark.head:
            raise _bad(path, _("line {number} does not follow the one before it", number=mark.number + 1))
        mark = Mark(mark.number + 1, mark.offset + len(content) + 1, hash_of(content))
        yield Line(content, entry, mark)


def _whole(file: io.FileIO) -> int:
    """How much of the file is whole lines: nearly always all of it."""
    size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(-1, os.SEEK_END)
        if file.read(1) != b"\n":
            file.seek(0)
            return file.read().rfind(b"\n") + 1
    return size


def other(path: Path) -> AnswerLogBad:
    """It is whole, but tells another story than the store."""
    return _bad(path, _("it and the desk have gone different ways"))


def _bad(path: Path, why: Text) -> AnswerLogBad:
    return AnswerLogBad(
        _("the answer log {path} is not the one that this desk wrote", path=encode(path)),
        why=[why],
        state=_("nothing is answered until a person has looked"),
        hint=_("bring the file back from where it was; if it is lost: smena desk recover"),
    )
