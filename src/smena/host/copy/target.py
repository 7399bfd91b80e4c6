"""The side of a copy that is written: makes one entry like its source, whatever a death left in its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import StillWritten
from smena.host.copy.proving import Pair, compared
from smena.host.copy.state import State, Trust
from smena.host.native import attributes, content, folders, links
from smena.host.paths import encode
from smena.host.removal import clear
from smena.host.walk import Found, Left
from smena.text import _

_PRIVATE = 0o700
_CLOSED = attributes.own(0o600)
"""Nobody else looks into a copy before it has its source's attributes."""


class Target:
    """Where the copy lies. Folders that were touched get their attributes and times when the walk leaves them."""

    def __init__(self, root: Path, trust: Trust, *, live: bool, proven: bool) -> None:
        self._root = folders.long(str(root))
        self._trust = trust
        self._live = live
        self._proven = proven
        self._touched: set[str] = set()
        self._names: dict[tuple[int, int], tuple[str, State, int]] = {}

    def file(self, found: Found, told: Callable[[int], None]) -> tuple[State, Pair | None]:
        """A file; the second name of one that was copied already becomes a second name in the copy.

        Where it is to be proven, it comes back open, unless it has to be proven here: before its second name.
        """
        state = self._other_name(found)
        if state is not None:
            return state, None
        pair = self._opened(found)
        try:
            info = folders.look_at_open(pair.source)
            self._fill(found.path, pair, info, told)
            state = self._trust.state(found.path, info)
            if info.st_nlink > 1:
                state = compared(state, pair, live=self._live) if self._proven else state
                self._names[info.st_dev, info.st_ino] = (self._at(found.path), state, info.st_nlink - 1)
        except BaseException:
            pair.close()
            raise
        if self._proven and info.st_nlink == 1:
            return state, pair
        pair.close()
        return state, None

    def link(self, found: Found) -> State:
        at = self._free(found.path)
        links.copy(found.parent, found.name, at)
        attributes.apply(at, found.parent.attributes_of(found.name))
        attributes.set_times(at, found.stat)
        return self._trust.state(found.path, found.stat)

    def folder(self, found: Found) -> None:
        """Make sure that the folder is there, and will be finished."""
        if not self.has_folder(found.path):
            folders.make(self._free(found.path))
        self._open_up(found.path)

    def has_folder(self, path: str) -> bool:
        """A folder whose name differs in case only is another one, which goes."""
        at = self._at(path)
        return os.path.isdir(at) and not links.is_link(at) and folders.spelled(at)

    def finish(self, left: Left) -> None:
        """Attributes and times of a folder that was touched: last, because every change in it moves its time."""
        if left.path not in self._touched:
            return
        self._touched.discard(left.path)
        attributes.apply(self._at(left.path), left.folder.attributes())
        attributes.set_times(self._at(left.path), left.stat)

    def remove(self, path: str) -> None:
        """What the source no longer has. It may be gone with its folder already."""
        if folders.spelled(self._at(path)):
            self._touch_parent(path)
            clear(Path(self._at(path)))

    def keeps(self, path: str, info: os.stat_result, since: int | None) -> bool:
        """Whether the copy of a file or link is there, complete (its time is the last thing that it
        gets), and was not touched since the instant `since`."""
        try:
            present = folders.look(self._at(path))
        except (FileNotFoundError, NotADirectoryError):
            return False
        untouched = since is None or present.st_ctime_ns < since
        return untouched and (present.st_size, present.st_mtime_ns) == (info.st_size, info.st_mtime_ns)

    def clear_strangers(self, left: Left) -> None:
        """Remove from the copy of a folder what the folder does not have."""
        for name in set(os.listdir(self._at(left.path))) - set(left.folder.names()):
            self.remove(f"{left.path}/{name}" if left.path else name)

    def _opened(self, found: Found) -> Pair:
        source = found.parent.open(found.name, patient=not self._live)
        try:
            return Pair(source, self._create(found.path))
        except BaseException:
            os.close(source)
            raise

    def _create(self, path: str) -> int:
        """A new file at the place of an entry. Nearly always nothing is there, so that is tried first."""
        self._touch_parent(path)
        at = self._at(path)
        try:
            return content.create(at, _CLOSED)
        except FileExistsError:
            clear(Path(at))
            return content.create(at, _CLOSED)

    def _fill(self, path: str, pair: Pair, info: os.stat_result, told: Callable[[int], None]) -> None:
        content.copy(pair.source, pair.copy, told)
        faults.point("copy.content")
        attributes.apply(pair.copy, attributes.read(pair.source))
        if not self._live:
            _check_rested(path, info, folders.look_at_open(pair.source), folders.look_at_open(pair.copy))
        attributes.set_times(pair.copy, info)

    def _other_name(self, found: Found) -> State | None:
        """The state is that of the moment in which the content was copied: only that is what the copy holds."""
        key = (found.stat.st_dev, found.stat.st_ino)
        if found.stat.st_nlink < 2 or key not in self._names:
            return None
        first, state, left = self._names.pop(key)
        if left > 1:
            self._names[key] = (first, state, left - 1)
        folders.second_name(first, self._free(found.path))
        return msgspec.structs.replace(state, path=encode(found.path))

    def _free(self, path: str) -> str:
        """The place of an entry, with nothing there."""
        self._touch_parent(path)
        at = self._at(path)
        if os.path.lexists(at):
            clear(Path(at))
        return at

    def _touch_parent(self, path: str) -> None:
        if path:
            self._open_up(path.rpartition("/")[0])

    def _open_up(self, path: str) -> None:
        if path in self._touched:
            return
        self._touched.add(path)
        if os.lstat(self._at(path)).st_mode & _PRIVATE != _PRIVATE:
            os.chmod(self._at(path), _PRIVATE)

    def _at(self, path: str) -> str:
        return os.path.join(self._root, *path.split("/")) if path else self._root


def _check_rested(path: str, before: os.stat_result, after: os.stat_result, copied: os.stat_result) -> None:
    same = (before.st_size, before.st_mtime_ns, before.st_ctime_ns)
    if same != (after.st_size, after.st_mtime_ns, after.st_ctime_ns) or copied.st_size != before.st_size:
        raise StillWritten(
            _("{path} changed while it was copied", path=encode(path)),
            why=[_("another program still writes to it")],
        )
