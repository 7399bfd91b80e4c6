"""From an archive to a folder: beside the target first, written out, then one rename.

A target that is there already is compared, never overwritten: equal, nothing is done; else it is refused and
the first differences are named. Files that only the target has are nobody's difference: a version that
is in use may have written some.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO

import msgspec

from smena import faults
from smena.drivers.archive.members import FILE, FOLDER, HARD_LINK, LINK, Gate, Limits, Member, refused
from smena.drivers.archive.reading import Content, read
from smena.errors import TargetDiffers
from smena.host import files, owners, removal
from smena.host.native import attributes, durable, folders, links
from smena.host.native import content as contents
from smena.host.paths import encode
from smena.host.ports import Attributes, Progress, no_progress
from smena.host.trouble import telling
from smena.text import Text, _

_PIECE = 1024 * 1024
_NAMED = 5
_SMALL = 64 * 1024 * 1024
_NOBODY_ELSE_WRITES = 0o755
USUAL = Limits()


def members(file: Path, *, strip: int = 0, limits: Limits = USUAL) -> Iterator[Member]:
    """What would be unpacked, judged."""
    for member, _content in _judged(file, strip, limits):
        yield member


def unpack(
    file: Path, target: Path, *, strip: int = 0, owner: str | None = None, progress: Progress = no_progress
) -> bool:
    """Unpack into a folder that is new, or find it there and the same: then True.

    `strip` takes that many folders off the front of each path. `owner` (`user` or `user:group`) gets everything;
    what the archive says of owners never counts, nor do set-id bits and rights to write for all.
    """
    if os.path.lexists(target):
        _compare(file, target, strip)
        return True
    fresh = files.temporary(target)
    removal.remove_tree(fresh)
    account = owners.resolve(*_account(owner)) if owner else None
    try:
        with telling(_("cannot unpack {file} to {target}", file=encode(file), target=encode(target))):
            folders.make(str(fresh))
            with durable.tree_synced(str(fresh)):
                _fill(file, fresh, strip, progress)
                if account:
                    owners.give(owners.below(fresh), account)
                attributes.apply(str(fresh), _readable(fresh))
                faults.point("archive.filled")
        faults.point("archive.synced")
        files.rename(fresh, target)
    except Exception:
        removal.remove_tree(fresh)
        raise
    return False


def read_member(file: Path, path: str, *, strip: int = 0) -> bytes | None:
    """One member's content; None where there is none of this name."""
    return read_members(file, [path], strip=strip).get(path)


def read_members(file: Path, wanted: Collection[str], *, strip: int = 0) -> dict[str, bytes]:
    """Those of the wanted files that there are, in one pass; for configuration, because memory holds them."""
    found: dict[str, bytes] = {}
    for member, content in _judged(file, strip, USUAL):
        if member.path in wanted and member.kind == FILE:
            if member.size > _SMALL:
                raise refused(member.path, _("it is larger than {limit} bytes", limit=_SMALL))
            with content() as stream:
                found[member.path] = stream.read()
        if len(found) == len(set(wanted)):
            break
    return found


def _judged(file: Path, strip: int, limits: Limits) -> Iterator[tuple[Member, Content]]:
    gate = Gate(limits, strip=strip)
    for member, content in read(file, limits):
        placed = gate.judge(member)
        if placed is not None:
            yield placed, content


def _account(owner: str) -> tuple[str, str | None]:
    user, _colon, group = owner.partition(":")
    return user, group or None


def _fill(file: Path, fresh: Path, strip: int, progress: Progress) -> None:
    size, count, fresh = 0, 0, Path(folders.long(str(fresh)))
    for member, content in _judged(file, strip, USUAL):
        _place(member, fresh / member.path, fresh, content)
        faults.point("archive.member")
        size, count = size + member.size, count + (member.kind == FILE)
        progress(size, count)


def _place(member: Member, place: Path, root: Path, content: Content) -> None:
    place.parent.mkdir(_NOBODY_ELSE_WRITES, parents=True, exist_ok=True)
    if member.kind == FOLDER:
        place.mkdir(_NOBODY_ELSE_WRITES, exist_ok=True)
    elif member.kind == LINK:
        links.make(str(place), member.target)
    elif member.kind == HARD_LINK:
        folders.second_name(str(root / member.target), str(place))
    else:
        descriptor = contents.create(str(place))
        with os.fdopen(descriptor, "wb", buffering=0) as into, content() as stream:
            _pour(stream, into, member)
        attributes.apply(str(place), attributes.unpacked(member.mode & _NOBODY_ELSE_WRITES | 0o600))
        os.utime(place, (member.mtime, member.mtime))


def _readable(fresh: Path) -> Attributes:
    """Others may look into a version's folder once it is whole; its owner stays."""
    return msgspec.structs.replace(attributes.read(str(fresh)), mode=_NOBODY_ELSE_WRITES)


def _pour(stream: IO[bytes], into: IO[bytes], member: Member) -> None:
    """Not a byte more than was claimed and judged."""
    left = member.size
    while piece := stream.read(_PIECE):
        left -= len(piece)
        if left < 0:
            raise refused(member.path, _("it holds more than it says"))
        rest = memoryview(piece)
        while rest:
            rest = rest[into.write(rest) :]
    if left:
        raise refused(member.path, _("it holds less than it says"))


# -- what is there already --------------------------------------------------------------


def _compare(file: Path, target: Path, strip: int) -> None:
    different: list[Text] = []
    with telling(_("cannot compare {target} with {file}", target=encode(target), file=encode(file))):
        for member, content in _judged(file, strip, USUAL):
            if len(different) < _NAMED and not _same(member, target / member.path, target, content):
                different.append(_("{path} is missing or different", path=encode(target / member.path)))
    if different:
        raise TargetDiffers(
            _("{target} is there already, and is not what {file} holds", target=encode(target), file=encode(file)),
            why=different,
            state=_("nothing was changed"),
            hint=_("move it away, then try again"),
        )


def _same(member: Member, place: Path, root: Path, content: Content) -> bool:
    if member.kind == FOLDER:
        return place.is_dir() and not files.is_link(place)
    if member.kind == LINK:
        return files.is_link(place) and Path(files.link_target(place)) == Path(member.target)
    if files.is_link(place) or not place.is_file():
        return False
    if member.kind == HARD_LINK:
        return place.read_bytes() == (root / member.target).read_bytes()
    with place.open("rb") as there, content() as stream:
        return os.fstat(there.fileno()).st_size == member.size and _equal(there, stream)


def _equal(first: IO[bytes], second: IO[bytes]) -> bool:
    while piece := second.read(_PIECE):
        if first.read(len(piece)) != piece:
            return False
    return first.read(1) == b""
