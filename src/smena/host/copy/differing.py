"""What of a tree at rest is not as its copy's listing says: found with one `stat` an entry, nothing else.

This is what users wait for while the product is down, so it does less than the walk of a copy, in the same order. Of
the copy only the names are read: is each entry still there?
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from smena.host.copy.state import FOLDER, State
from smena.host.native import folders
from smena.host.paths import decode, encode
from smena.host.ports import Folder
from smena.host.removal import OURS
from smena.host.trouble import telling
from smena.host.walk import order
from smena.text import _


class Differing(NamedTuple):
    """The paths that are new, changed or gone, and what the listing says of those that it has."""

    paths: set[str]
    states: list[State]

    def with_folders(self) -> set[str]:
        """The paths, and every folder on the way to them."""
        found = set(self.paths)
        for path in self.paths:
            while path:
                path = path.rpartition("/")[0]
                if path in found:
                    break  # so are those above it, or will be
                found.add(path)
        return found


class _Level(NamedTuple):
    prefix: str
    folder: Folder
    names: Iterator[str]
    copied: frozenset[str]


def differing(source: Path, target: Path, states: Iterator[State]) -> Differing:
    """Compare a tree with the listing of its copy, which is read on the way."""
    return _Search(target, states).through(source)


class _Search:
    """The place in the listing, and what was found so far."""

    def __init__(self, target: Path, states: Iterator[State]) -> None:
        self._target = target
        self._states = states
        self._next = next(states, None)
        self._found = Differing(set(), [])

    def through(self, source: Path) -> Differing:
        with telling(_("cannot read {path}", path=encode(source))), folders.open_folder(source.parent) as above:
            self._differs("", above.stat_of(source.name), there=True)
            levels = [self._level("", above.enter(source.name))]
            try:
                while levels:
                    deeper = self._through(levels[-1])
                    if deeper is None:
                        levels.pop().folder.close()
                    else:
                        levels.append(deeper)
            finally:
                for level in levels:
                    level.folder.close()
        while self._next is not None:
            self._gone(self._next)
        return self._found

    def _through(self, level: _Level) -> _Level | None:
        """Compare a folder's entries, up to the next folder in it."""
        prefix, folder, names, copied = level
        stat_of, states, state = folder.stat_of, self._states, self._next
        for name in names:
            if name == OURS:
                continue
            path, info = prefix + name, stat_of(name)
            if state is not None and state.path == path and name in copied and state.matches(info):
                self._next = following = next(states, None)  # nearly always: no call is made that can be spared
                is_folder, state = state.kind == FOLDER, following
            else:
                is_folder = self._differs(path, info, there=name in copied)
                state = self._next
            if is_folder:
                return self._level(f"{path}/", folder.enter(name))
        return None

    def _level(self, prefix: str, folder: Folder) -> _Level:
        try:
            with folders.open_folder(self._target / prefix) as copy:
                copied = frozenset(copy.names())
        except (FileNotFoundError, NotADirectoryError):
            copied = frozenset()
        return _Level(prefix, folder, iter(folder.names()), copied)

    def _differs(self, path: str, info: os.stat_result, *, there: bool) -> bool:
        """Whether it is a folder; if it really differs it is noted."""
        state = self._next
        if state is not None and state.path != path and decode(state.path) != path:
            state = self._passed(path)
        if state is not None:
            self._next = next(self._states, None)
        if state is None or not there or not state.matches(info):
            self._found.paths.add(path)
            if state is not None:
                self._found.states.append(state)
        return stat.S_ISDIR(info.st_mode)

    def _passed(self, path: str) -> State | None:
        """What the listing has before this path is gone; its state, if the listing has it."""
        here = order(path)
        while self._next is not None and order(decode(self._next.path)) < here:
            self._gone(self._next)
        return self._next if self._next is not None and decode(self._next.path) == path else None

    def _gone(self, state: State) -> None:
        self._found.paths.add(decode(state.path))
        self._found.states.append(state)
        self._next = next(self._states, None)
