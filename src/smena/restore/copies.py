"""Whole trees in a restore point: copied beside the running product, frozen once it rests, swapped back by rename.

The tree itself stays where it is, because foreign code converts it in place. On the way back the
converted tree moves aside (it is kept) and the frozen copy takes its place. A mount point cannot be
renamed: there the entries in it move, in two passes that the journal tells apart.

`how` is `copy`; the entry's states are `registered`, `kept`, `cleared` (a mount point whose entries
were moved aside) and `put back`.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from smena import faults
from smena.host import copy, files, removal
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.ports import Progress, no_progress
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.point import RestorePoint, is_mount


class Copies:
    """The tree copies of one run."""

    def __init__(self, point: RestorePoint, listings: Path) -> None:
        self.point = point
        self.journal: Journal = point.journal
        self.listings = listings

    def first(self, path: Path, slot: str, progress: Progress = no_progress) -> copy.Copied | None:
        """Begin a copy while the product runs; what a death left of an earlier try goes first."""
        target, listing = self.place(path, slot), self._listing(slot)
        if listing.exists() or not os.path.lexists(path):
            return None
        removal.remove_tree(target)
        return copy.first_copy(path, target, listing, progress=progress)

    def freeze(self, seq: int, path: Path, slot: str, progress: Progress = no_progress) -> copy.Copied | None:
        """The tree as it is now, nobody writing: from here on it can be put back."""
        entry = self._entry(seq, path) or self._register(seq, path, slot)
        if entry.how == "absent":
            return None
        target, listing = self.place(path, slot), self._listing(slot)
        if listing.exists():
            copied = copy.delta_copy(path, target, listing, progress=progress)
        else:
            removal.remove_tree(target)
            copied = copy.first_copy(path, target, listing, live=False, progress=progress)
        faults.point("copies.frozen")
        self.journal.mark(entry.id, "kept")
        return copied

    def put_back(self, seq: int, path: Path, slot: str) -> None:
        """The frozen copy takes the tree's place again, if foreign code may have touched it since."""
        entry = self._entry(seq, path)
        if entry is None or entry.state in ("registered", "put back") or not touched_since(self.journal, seq, path):
            return
        if entry.how == "absent":
            self._move_aside(entry, path)
        elif is_mount(path):
            self._swap_entries(entry, path, self.place(path, slot))
        elif os.path.lexists(self.place(path, slot)):
            self._move_aside(entry, path)
            files.rename(self.place(path, slot), path)
        faults.point("copies.put-back")
        self.journal.mark(entry.id, "put back")

    def discard(self, path: Path, slot: str) -> None:
        """Take the copy away: the tree was never touched, so nobody needs it."""
        removal.remove_tree(self.place(path, slot))
        files.remove_file(self._listing(slot))

    def place(self, path: Path, slot: str) -> Path:
        """Where the copy of a tree lies."""
        return self.point.folder(path) / f"copy-{slot}"

    # -- inside -----------------------------------------------------------------

    def _listing(self, slot: str) -> Path:
        files.make_folder(self.listings, attributes.own(0o700))
        return self.listings / f"{slot}.list"

    def _entry(self, seq: int, path: Path) -> KeptRow | None:
        wanted = encode(path)
        return next((entry for entry in self.journal.kept(seq) if entry.path == wanted), None)

    def _register(self, seq: int, path: Path, slot: str) -> KeptRow:
        there = os.path.lexists(path)
        content = encode(self.place(path, slot)) if there else None
        number = self.journal.register(seq, encode(path), "copy" if there else "absent", content=content)
        if not there:
            self.journal.mark(number, "kept")
        faults.point("copies.registered")
        return self.journal.kept_entry(number)

    def _move_aside(self, entry: KeptRow, path: Path) -> None:
        aside = self.point.folder(path) / f"replaced-{entry.id}"
        if os.path.lexists(path) and not os.path.lexists(aside):
            files.rename(path, aside)

    def _swap_entries(self, entry: KeptRow, path: Path, content: Path) -> None:
        aside = self.point.folder(path) / f"replaced-{entry.id}"
        files.make_folder(aside, attributes.own(0o700))
        if entry.state == "kept":
            move_entries(path, aside)
            self.journal.mark(entry.id, "cleared")
        move_entries(content, path)


class _Changes(msgspec.Struct):
    """The one thing that is read of any step's parameters here: what it declares to change."""

    changes: tuple[str, ...] = ()


def touched_since(journal: Journal, seq: int, path: Path) -> bool:
    """Whether a later step that declares to change this tree has begun."""
    wanted = encode(path)
    return any(
        step.seq > seq and step.attempts and wanted in msgspec.json.decode(step.params, type=_Changes).changes
        for step in journal.steps()
    )


def move_entries(source: Path, target: Path) -> None:
    """Every entry of a folder, save our own."""
    for name in sorted(entry.name for entry in source.iterdir()):
        if name != removal.OURS:
            files.rename(source / name, target / name)
            faults.point("copies.entry-moved")
