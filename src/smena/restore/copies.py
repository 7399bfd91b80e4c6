"""Whole trees in a restore point: copied beside the running product, frozen once it rests, swapped back by rename.

The tree itself stays where it is, because foreign code converts it in place. On the way back the
converted tree moves aside (it is kept) and the frozen copy takes its place. A mount point cannot be
renamed: there the entries in it move, in two passes that the journal tells apart.

Where the plan's path is a link, the tree that it leads to is what foreign code changes, so that is copied;
the link is kept beside it. A copy goes on from one step to the next (a backup's is brought up to date after the
last stop), but never once the tree was touched: then it is the only original.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from smena import faults
from smena.host import copy, files, removal
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.host.ports import Progress, no_progress
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.entries import CLEARED, COPY, KEPT, LEFT, PUT_BACK, SUPERSEDED, Copy
from smena.restore.mounted import clear_into, fill_from, is_mount, refuse_mounts_below
from smena.restore.point import RestorePoint
from smena.restore.touched import touched


class Copies:
    """The tree copies of one run."""

    def __init__(self, point: RestorePoint, listings: Path) -> None:
        self.point = point
        self.journal: Journal = point.journal
        self.listings = listings

    def first(self, path: Path, slot: str, progress: Progress = no_progress) -> copy.Copied | None:
        """Begin a copy while the product runs; what a death left of an earlier try goes first."""
        tree, listing = _tree(path), self._listing(slot)
        if listing.exists() or not files.there(tree):
            return None
        refuse_mounts_below(tree)
        target = self.place(path, slot)
        removal.remove_tree(target)
        return copy.first_copy(tree, target, listing, progress=progress)

    def freeze(
        self, seq: int, path: Path, slot: str, progress: Progress = no_progress, *, always: bool = False
    ) -> copy.Copied | None:
        """The tree as it is now, nobody writing: from here on it can be put back."""
        entry = self._mine(seq)
        if entry is None:
            if any(touched(self.journal, older) for older in self._of(_tree(path))):
                return None
            entry = self._register(seq, path, always=always)
        if entry.state == KEPT:
            return None
        copied = self._copied(entry, slot, progress) if _copy(entry).there else None
        faults.point("copies.frozen")
        self.journal.mark(entry.id, KEPT)
        return copied

    def put_back(self, seq: int) -> None:
        """The frozen copy takes the tree's place again, if anything may have touched it since."""
        entry = self._mine(seq)
        if entry is None or entry.state not in (KEPT, CLEARED, PUT_BACK) or not touched(self.journal, entry):
            return
        if entry.state != PUT_BACK:
            self._swap(entry, Path(decode(entry.path)))
            faults.point("copies.put-back")
            self.journal.mark(entry.id, PUT_BACK)
        self.point.put_back(seq)  # the link that led there

    def tidy(self, path: Path, slot: str) -> None:
        """Take the copy away, unless a way back from what the run has come to would want it."""
        tree, listing = _tree(path), self._listing(slot)
        entries = [entry for entry in self._of(tree) if entry.state == KEPT]
        if any(touched(self.journal, entry) for entry in entries):
            return
        for entry in entries:
            self.journal.mark(entry.id, LEFT)
        if files.there(tree):
            removal.remove_tree(self.place(path, slot))
        files.remove_file(listing)

    def place(self, path: Path, slot: str) -> Path:
        """Where the copy of a tree lies."""
        return self.point.folder(_tree(path)) / _name(slot)

    # -- inside -----------------------------------------------------------------

    def _listing(self, slot: str) -> Path:
        files.make_folder(self.listings, attributes.own(0o700))
        return self.listings / f"{slot}.list"

    def _mine(self, seq: int) -> KeptRow | None:
        return next((entry for entry in self.journal.kept(seq) if entry.how == COPY), None)

    def _of(self, tree: Path) -> list[KeptRow]:
        """All that this run has on record of a tree's copies."""
        wanted = encode(tree)
        return [entry for entry in self.journal.kept() if entry.how == COPY and entry.path == wanted]

    def _register(self, seq: int, path: Path, *, always: bool) -> KeptRow:
        tree = _tree(path)
        if tree != path:
            self.point.save(seq, path)
        detail = msgspec.json.encode(Copy(encode(path), files.there(tree), always))
        with self.journal.change():
            for older in self._of(tree):
                self.journal.mark(older.id, SUPERSEDED)
            number = self.journal.register(seq, encode(tree), COPY, detail)
        faults.point("copies.registered")
        return self.journal.kept_entry(number)

    def _copied(self, entry: KeptRow, slot: str, progress: Progress) -> copy.Copied:
        tree, listing = Path(decode(entry.path)), self._listing(slot)
        refuse_mounts_below(tree)
        target = self.point.content(entry, tree, _name(slot))
        if listing.exists():
            return copy.delta_copy(tree, target, listing, progress=progress)
        removal.remove_tree(target)
        return copy.first_copy(tree, target, listing, live=False, progress=progress)

    def _swap(self, entry: KeptRow, tree: Path) -> None:
        if not _copy(entry).there:
            self.point.move_aside(entry, tree)
        elif is_mount(tree):
            self._swap_entries(entry, tree, self.point.content(entry, tree))
        else:
            self.point.bring_back(entry, tree)

    def _swap_entries(self, entry: KeptRow, tree: Path, content: Path) -> None:
        if entry.state == KEPT:
            clear_into(tree, self.point.folder(tree) / f"replaced-{entry.id}")
            self.journal.mark(entry.id, CLEARED)
        fill_from(content, tree)


def _name(slot: str) -> str:
    return f"copy-{slot}"


def _copy(entry: KeptRow) -> Copy:
    return msgspec.json.decode(entry.detail or b"", type=Copy)


def _tree(path: Path) -> Path:
    """Where the tree itself lies, if a link leads to it."""
    return Path(os.path.realpath(path)) if files.is_link(path) else path
