"""The walk that keeps source, last listing and target in step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import CannotCopy, PathUnfit, StillWritten
from smena.host import files, listing
from smena.host.copy.differing import Differing, differing
from smena.host.copy.proving import Pair, Prover
from smena.host.copy.state import DEVICE, FILE, FOLDER, OTHER, Earlier, State, Trust, is_below, kind_of
from smena.host.copy.target import Target
from smena.host.held import InUse
from smena.host.native import durable, stamps
from smena.host.paths import decode, encode
from smena.host.patterns import Matcher, nothing
from smena.host.ports import Progress, no_progress
from smena.host.trouble import telling, translated
from smena.host.walk import Found, Left, walk
from smena.text import Text, _


class Copied(msgspec.Struct, frozen=True):
    """What a copy did. `skipped` are sockets and pipes; `vanished` went away while a live tree was copied."""

    files: int = 0
    folders: int = 0
    links: int = 0
    bytes: int = 0
    removed: int = 0
    vanished: int = 0
    skipped: tuple[str, ...] = ()


def first_copy(
    source: Path,
    target: Path,
    record: Path,
    *,
    live: bool = True,
    proven: bool = False,
    progress: Progress = no_progress,
) -> Copied:
    """Copy everything to a name that is free; `record` is then the listing for the difference later.

    A live tree may change meanwhile (the copy alone is then of no use); one said to rest must not.
    `proven`: the copy of each file is read back, and the listing holds the digest of both.
    """
    if os.path.lexists(target):
        raise PathUnfit(_("cannot copy to {path}: something is there already", path=encode(target)))
    copying = _Copying(source, target, live=live, proven=proven, progress=progress)
    return copying.carry(iter(()), record)


def delta_copy(
    source: Path,
    target: Path,
    record: Path,
    *,
    live: bool = False,
    proven: bool = False,
    progress: Progress = no_progress,
) -> Copied:
    """Make an earlier copy equal to its source again, reading only what changed, and list it anew.

    `proven`: what is copied now is read back, and the copy of everything else is looked at: is it there, with the
    size and time that it was given? If an earlier call died, what the listing says is no longer proof of what
    the copy holds: then nothing may have touched that entry since either.
    """
    marker = _marker(record)
    died = marker.exists()
    if not died:
        files.write_file(marker, b"")
    copying = _Copying(source, target, live=live, proven=proven, progress=progress)
    if died:
        copying.doubt_since = marker.stat().st_mtime_ns
    copied = copying.carry(_states(source, record), record)
    files.remove_file(marker)
    return copied


def last_copy(source: Path, target: Path, record: Path, *, progress: Progress = no_progress) -> Copied:
    """The last difference, brought over to a copy that goes on: nobody will ask for another one, so nothing is listed.

    Only what is new, changed or gone is walked. What the listing says is no longer true afterwards, so its
    mark stays: whoever calls again, after a death, has everything looked at.
    """
    marker = _marker(record)
    if marker.exists():
        return delta_copy(source, target, record, proven=True, progress=progress)
    files.write_file(marker, b"")
    found = differing(source, target, _states(source, record))
    faults.point("copy.compared")
    return _Copying(source, target, live=False, proven=True, progress=progress).carry_only(found)


def _states(source: Path, record: Path) -> Iterator[State]:
    """What the listing says. Where late times cannot be had now, none of it proves that nothing changed."""
    with telling(_("cannot read {path}", path=encode(source))):
        settled = stamps.settle(source)
    for state in listing.read(record, State):
        yield state if settled else msgspec.structs.replace(state, settled=False)


def _marker(record: Path) -> Path:
    return record.with_name(f"{record.name}.open")


class _Copying:
    """One walk over the source. What was done so far is counted as it goes.

    `doubt_since`: an earlier attempt died that may have touched the target from that instant on.
    """

    def __init__(self, source: Path, target: Path, *, live: bool, proven: bool, progress: Progress) -> None:
        self._source = source
        self._trust = Trust(wanted=live)
        self._target = Target(target, self._trust, live=live, proven=proven)
        self._folder = target.parent
        self._live = live
        self._proven = proven
        self.doubt_since: int | None = None
        self._progress = progress
        self._done = {"files": 0, "folders": 0, "links": 0, "bytes": 0, "removed": 0, "vanished": 0}
        self._skipped: list[str] = []
        self._dropped: str | None = None
        self._at = ""
        self._pair: Pair | None = None
        """The file that was copied last, and its copy, where they are still to be compared."""

    def carry(self, states: Iterator[State], record: Path) -> Copied:
        with listing.written(record) as write:
            with telling(self._message()), durable.tree_synced(str(self._folder)):
                if self._proven:
                    with Prover(write, live=self._live) as prover:
                        self._walk(Earlier(states), prover.add)
                else:
                    self._walk(Earlier(states), lambda state, _pair: write(state))
                faults.point("copy.walked")
            faults.point("copy.synced")
        return Copied(**self._done, skipped=tuple(self._skipped))

    def carry_only(self, found: Differing) -> Copied:
        """Only these entries; what lies in a new folder is among them."""
        wanted = found.with_folders()
        with telling(self._message()), durable.tree_synced(str(self._folder)):
            if wanted:
                with Prover(_unlisted, live=False) as prover:
                    self._walk(Earlier(iter(found.states)), prover.add, lambda path: path not in wanted)
            faults.point("copy.walked")
        return Copied(**self._done, skipped=tuple(self._skipped))

    def _walk(
        self, earlier: Earlier, listed: Callable[[State, Pair | None], None], leave_out: Matcher = nothing
    ) -> None:
        for seen in walk(self._source, leave_out, live=self._live):
            self._at = seen.path
            try:
                if isinstance(seen, Left):
                    self._drop(earlier.below(seen.path))
                    self._leave(seen)
                    continue
                if not earlier.is_at(seen.path):
                    self._drop(earlier.before(seen.path))
                self._pair = None
                state = self._entry(seen, earlier.at(seen.path))
            except OSError as error:
                raise translated(error, self._message()) from error
            if state is not None:
                listed(state, self._pair)
        self._drop(earlier.rest())

    def _entry(self, found: Found, last: State | None) -> State | None:
        kind = kind_of(found.stat)
        if last is not None and last.kind == FOLDER != kind:
            self._dropped = found.path  # its old content goes with the folder itself
        if kind == FOLDER:
            return self._folder_entry(found, last)
        if kind in (OTHER, DEVICE):
            self._pass_by(found, kind)
            return None
        if last is not None and last.matches(found.stat) and not self._lacks(found):
            return last
        return self._copied(found, kind)

    def _folder_entry(self, found: Found, last: State | None) -> State:
        self._trust.meet(found.stat, found.parent.path / found.name)
        wanted = self.doubt_since is not None or last is None or not last.matches(found.stat)
        if wanted or (self._proven and not self._target.has_folder(found.path)):
            self._target.folder(found)
            self._count("folders", 1)
        return self._trust.state(found.path, found.stat)

    def _copied(self, found: Found, kind: str) -> State | None:
        self._trust.meet(found.stat, found.parent.path)
        try:
            if kind == FILE:
                state, self._pair = self._target.file(found, self._told)
            else:
                state = self._target.link(found)
        except (FileNotFoundError, InUse) as error:
            if not self._live or (isinstance(error, FileNotFoundError) and _still_there(found)):
                raise  # what a running program keeps shut is copied when it has ended
            self._target.remove(found.path)
            self._count("vanished", 1)
            return None
        self._count("files" if kind == FILE else "links", 1)
        self._told(0)
        faults.point("copy.entry")
        return state

    def _lacks(self, found: Found) -> bool:
        looked_at = self._proven or self.doubt_since is not None
        return looked_at and not self._target.keeps(found.path, found.stat, self.doubt_since)

    def _pass_by(self, found: Found, kind: str) -> None:
        path = encode(found.parent.path / found.name)
        if kind == DEVICE:
            raise CannotCopy(_("{path} is a device; it cannot be copied", path=path))
        self._target.remove(found.path)
        self._skipped.append(path)

    def _leave(self, left: Left) -> None:
        if self.doubt_since is not None:
            self._target.clear_strangers(left)
        self._target.finish(left)
        if not self._live and left.folder.stat().st_mtime_ns != left.stat.st_mtime_ns:
            raise StillWritten(_("{path} changed while it was copied", path=encode(left.folder.path)))

    def _drop(self, gone: Iterator[State]) -> None:
        for state in gone:
            path = self._at = decode(state.path)
            if self._dropped is None or not is_below(path, self._dropped):
                self._target.remove(path)
                self._count("removed", 1)
                self._dropped = path

    def _count(self, what: str, number: int) -> None:
        self._done[what] += number

    def _told(self, size: int) -> None:
        self._done["bytes"] += size
        self._progress(self._done["bytes"], self._done["files"])

    def _message(self) -> Text:
        return _("cannot copy {path}", path=encode(self._source / self._at))


def _unlisted(_state: object) -> None:
    """Where nobody will ask for a difference again."""


def _still_there(found: Found) -> bool:
    try:
        return kind_of(found.parent.stat_of(found.name)) == kind_of(found.stat)
    except FileNotFoundError:
        return False
