"""Putting back what an earlier run's restore point holds, as part of a new run with an undo of its own.

The two states change places, path by path: what lies there now moves into the new run's restore
point, what the old run kept moves to where it was. So the newer data is kept, going forward again is
possible, and every step of it is a rename that can be repeated.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from smena import faults
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.copies import move_entries, touched_since
from smena.restore.point import Link, RestorePoint, is_mount


class Source(msgspec.Struct, frozen=True):
    """Where the old state comes from: content to be renamed, or a link to be made, or nothing."""

    how: str
    content: str | None
    link: Link | None
    mount: bool = False


def entries_to_exchange(old: Journal) -> list[KeptRow]:
    """What the old run kept and has changed, the last first."""
    chosen = []
    for entry in reversed(old.kept()):
        if entry.state != "kept":
            continue
        if entry.how == "copy" and not touched_since(old, entry.seq, Path(decode(entry.path))):
            continue
        chosen.append(entry)
    return chosen


class Exchange:
    """One step's exchange of states."""

    def __init__(self, point: RestorePoint, seq: int) -> None:
        self.point = point
        self.journal = point.journal
        self.seq = seq

    def carry(self, old: Journal) -> int:
        """All entries of the old run; the number of them."""
        entries = entries_to_exchange(old)
        known = {entry.path + "\0" + str(index): entry for index, entry in enumerate(self.journal.kept(self.seq))}
        for index, entry in enumerate(entries):
            mine = known.get(f"{entry.path}\0{index}") or self._register(entry, index)
            if mine.state != "kept":
                self._exchange(mine)
                self.journal.mark(mine.id, "kept")
        return len(entries)

    def undo(self) -> None:
        """Back again, the last first."""
        for entry in reversed(self.journal.kept(self.seq)):
            if entry.state != "put back":
                self._back(entry)
                self.journal.mark(entry.id, "put back")

    def _register(self, old: KeptRow, index: int) -> KeptRow:
        path = Path(decode(old.path))
        link = msgspec.json.decode(old.detail, type=Link) if old.how == "link" and old.detail else None
        detail = msgspec.json.encode(Source(old.how, old.content, link, old.how == "copy" and is_mount(path)))
        aside = self.point.folder(path) / f"{self.seq}-{index}"
        number = self.journal.register(self.seq, old.path, "exchange", content=encode(aside), detail=detail)
        faults.point("exchange.registered")
        return self.journal.kept_entry(number)

    def _exchange(self, entry: KeptRow) -> None:
        path, aside, source = _places(entry)
        if source.mount:
            _swap_entries(self.journal, entry, path, aside)
            return
        _move(path, aside)
        faults.point("exchange.moved")
        if source.link is not None:
            if not os.path.lexists(path):
                files.make_link(path, decode(source.link.target))
        elif source.content is not None:
            _move(Path(decode(source.content)), path)

    def _back(self, entry: KeptRow) -> None:
        path, aside, source = _places(entry)
        if source.mount:
            _swap_entries_back(self.journal, entry, path, aside)
            return
        if entry.state == "registered" and not os.path.lexists(aside) and _is_there(source.content):
            return  # nothing had moved yet
        self._take_away(path, aside, source)
        faults.point("exchange.taken")
        _move(aside, path)

    def _take_away(self, path: Path, aside: Path, source: Source) -> None:
        """What came from the old run goes back to it, if it has not gone already."""
        if source.content is not None:
            _move(path, Path(decode(source.content)))
        elif source.link is not None and os.path.lexists(aside):
            files.remove_file(path)


def _places(entry: KeptRow) -> tuple[Path, Path, Source]:
    source = msgspec.json.decode(entry.detail or b"", type=Source)
    return Path(decode(entry.path)), Path(decode(entry.content or "")), source


def _is_there(content: str | None) -> bool:
    return content is not None and os.path.lexists(decode(content))


def _move(old: Path, new: Path) -> None:
    """A rename that a repetition finds done."""
    if os.path.lexists(old) and not os.path.lexists(new):
        files.rename(old, new)


def _swap_entries(journal: Journal, entry: KeptRow, path: Path, aside: Path) -> None:
    """A mount point cannot be renamed: its entries move, in two passes that the journal tells apart."""
    _path, _aside, source = _places(entry)
    files.make_folder(aside, attributes.own(0o700))
    if entry.state == "registered":
        move_entries(path, aside)
        journal.mark(entry.id, "cleared")
    move_entries(Path(decode(source.content or "")), path)


def _swap_entries_back(journal: Journal, entry: KeptRow, path: Path, aside: Path) -> None:
    _path, _aside, source = _places(entry)
    if entry.state in ("cleared", "kept"):
        move_entries(path, Path(decode(source.content or "")))
        journal.mark(entry.id, "registered")
    if aside.exists():
        move_entries(aside, path)
