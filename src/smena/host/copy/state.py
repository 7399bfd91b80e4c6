"""What the listing of a copy says of each entry, and when an entry counts as unchanged.

Unchanged: same kind, size, inode, mtime and ctime, and both times lay at least two seconds before the copy
began, by the file system's own clock (coarse clocks give one stamp to two writes), on a file system whose times
move with every write (see `stamps`). Everything else is copied again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from smena.host.native import stamps
from smena.host.paths import decode, encode
from smena.host.walk import order

_SETTLED_AFTER = 2_000_000_000
FILE, FOLDER, LINK, OTHER, DEVICE = "f", "d", "l", "o", "x"
_KIND = 0o170000
_KINDS = {
    stat.S_IFREG: FILE,
    stat.S_IFDIR: FOLDER,
    stat.S_IFLNK: LINK,
    stat.S_IFCHR: DEVICE,
    stat.S_IFBLK: DEVICE,
}


class State(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry as it was just before it was copied; `proof` is the digest of a file's copy, where it was wanted."""

    path: str
    kind: str
    size: int
    inode: int
    mtime: int
    ctime: int
    settled: bool
    proof: str = ""

    def matches(self, info: os.stat_result) -> bool:
        """Whether the entry is still the one that was copied."""
        return (
            self.settled
            and self.ctime == info.st_ctime_ns
            and self.mtime == info.st_mtime_ns
            and self.inode == info.st_ino
            and self.size == info.st_size
            and self.kind == _KINDS.get(info.st_mode & _KIND, OTHER)
        )


def kind_of(info: os.stat_result) -> str:
    return _KINDS.get(info.st_mode & _KIND, OTHER)


class Trust:
    """When the copy began, for each file system that it meets; None where times are not to be trusted.

    A copy of a resting tree trusts none: it has no use for it, and is spared the trial.
    """

    def __init__(self, *, wanted: bool) -> None:
        self._began: dict[int, int | None] = {}
        self._wanted = wanted

    def meet(self, info: os.stat_result, folder: Path) -> None:
        """To be told of each folder before anything in it is read."""
        if self._wanted and info.st_dev not in self._began:
            self._began[info.st_dev] = stamps.trial(folder)

    def state(self, path: str, info: os.stat_result) -> State:
        began = self._began.get(info.st_dev)
        latest = max(info.st_mtime_ns, info.st_ctime_ns)
        settled = began is not None and latest <= began - _SETTLED_AFTER
        kind = kind_of(info)
        return State(encode(path), kind, info.st_size, info.st_ino, info.st_mtime_ns, info.st_ctime_ns, settled)


class Earlier:
    """The listing of the last copy, read in step with the walk."""

    def __init__(self, states: Iterator[State]) -> None:
        self._states = states
        self._next: State | None = None
        self._path = ""
        self._advance()

    def is_at(self, path: str) -> bool:
        """Nearly always true: then nothing has to be put in order."""
        return self._path == path

    def before(self, path: str) -> Iterator[State]:
        """What the last copy had and the walk has passed by: it is gone."""
        here = order(path)
        while self._next and order(self._path) < here:
            yield self._taken(self._next)

    def below(self, path: str) -> Iterator[State]:
        """What the last copy had in a folder that the walk now leaves."""
        while self._next and is_below(self._path, path):
            yield self._taken(self._next)

    def at(self, path: str) -> State | None:
        return self._taken(self._next) if self._next and self._path == path else None

    def rest(self) -> Iterator[State]:
        while self._next:
            yield self._taken(self._next)

    def _taken(self, state: State) -> State:
        self._advance()
        return state

    def _advance(self) -> None:
        self._next = next(self._states, None)
        if self._next:
            self._path = decode(self._next.path)


def is_below(path: str, folder: str) -> bool:
    return path != folder and (not folder or path.startswith(f"{folder}/"))
