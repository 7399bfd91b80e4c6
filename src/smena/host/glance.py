"""A quick look at a tree: names, sizes and times, no content. It tells later what somebody changed since.

Taken of a living tree, after users were let in: what changes while the look is taken has a time later
than the moment handed in, and so counts as changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from smena.host import listing
from smena.host.copy.state import FOLDER, kind_of
from smena.host.fingerprint import Difference
from smena.host.paths import encode
from smena.host.patterns import Matcher, nothing
from smena.host.walk import Left, walk


class Look(msgspec.Struct, frozen=True, array_like=True):
    """One entry."""

    path: str
    kind: str
    size: int
    inode: int
    mtime: int
    ctime: int


def looks(root: Path, leave_out: Matcher = nothing) -> Iterator[Look]:
    """Every entry but the folders: their times only say that something in them changed."""
    for seen in walk(root, leave_out, live=True):
        if isinstance(seen, Left) or kind_of(seen.stat) == FOLDER:
            continue
        info = seen.stat
        kind = kind_of(info)
        yield Look(encode(seen.path), kind, info.st_size, info.st_ino, info.st_mtime_ns, info.st_ctime_ns)


def take(root: Path, record: Path, leave_out: Matcher = nothing) -> int:
    """Keep the look at `record`; the number of entries."""
    count = 0
    with listing.written(record) as write:
        for look in looks(root, leave_out):
            write(look)
            count += 1
    return count


def since(root: Path, record: Path, opened_ns: int, leave_out: Matcher = nothing) -> Iterator[Difference]:
    """What was added, changed or removed since the look, or since the moment before it."""
    for before, after in listing.paired(listing.read(record, Look), looks(root, leave_out)):
        if before is None and after is not None:
            yield Difference(after.path, "added")
        elif after is None and before is not None:
            yield Difference(before.path, "removed")
        elif after is not None and (before != after or after.ctime > opened_ns):
            yield Difference(after.path, "changed")
