"""Copies that are begun while the product runs, and get their new place once it rests.

As with the copies of `Copies`, after the stop only the difference is brought over; but this copy is not to go back, it
goes on. Until it is proven it lies under a hidden name on the mount of its new place. That is not the
new folder itself: it may not be there yet, and what a step keeps of it shall not have the copy in it.

Where the copy lies is written down before it is begun, because an installer that makes folders meanwhile may move the
nearest place for it. A death leaves a copy that is begun anew, or a difference that is made again.
"""

from __future__ import annotations

import os
from pathlib import Path

from smena import faults
from smena.host import copy, files, places, removal
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.host.ports import Progress, no_progress
from smena.restore.point import RestorePoint


class Ahead:
    """The copies of one run that go to a new place."""

    def __init__(self, point: RestorePoint, listings: Path) -> None:
        self._point = point
        self._listings = listings

    def begin(self, source: Path, target: Path, slot: str, progress: Progress = no_progress) -> copy.Copied | None:
        """The first copy, of a tree that may be written meanwhile; none where there is nothing yet."""
        source = real(source)
        if self._listing(slot).exists() or not source.is_dir():
            return None
        return copy.first_copy(
            source, self._anew(target, slot), self._listing(slot), live=True, proven=True, progress=progress
        )

    def finish(self, source: Path, target: Path, slot: str, progress: Progress = no_progress) -> copy.Copied:
        """The copy as the tree is now, nobody writing; it waits at `place`. The folder of the new place is there."""
        source, listing, place = real(source), self._listing(slot), self.place(slot)
        if place is not None and place.is_dir() and listing.exists() and places.same_mount(place.parent, target.parent):
            copied = copy.last_copy(source, place, listing, progress=progress)
        else:
            place = self._anew(target, slot)
            copied = copy.first_copy(source, place, listing, live=False, proven=True, progress=progress)
        faults.point("ahead.proven")
        return copied

    def place(self, slot: str) -> Path | None:
        """Where the copy lies, if one was begun."""
        try:
            return Path(decode(self._note(slot).read_text("utf-8")))
        except FileNotFoundError:
            return None

    def tidy(self, slot: str) -> None:
        """What never came to its place is only in the way."""
        place = self.place(slot)
        if place is not None:
            removal.remove_tree(place)
        for left in (self._listing(slot), self._listing(slot).with_name(f"{slot}.list.open"), self._note(slot)):
            files.remove_file(left)

    # -- inside -----------------------------------------------------------------

    def _anew(self, target: Path, slot: str) -> Path:
        """A free name for the copy, written down; what a death left of an earlier try goes first."""
        files.make_folder(self._listings, attributes.own(0o700))
        self.tidy(slot)
        place = self._point.folder(target) / f"ahead-{slot}"
        files.write_file(self._note(slot), encode(place).encode())
        faults.point("ahead.noted")
        return place

    def _listing(self, slot: str) -> Path:
        return self._listings / f"{slot}.list"

    def _note(self, slot: str) -> Path:
        return self._listings / f"{slot}.place"


def real(path: Path) -> Path:
    """The tree itself, where a link leads to it: the new version shall not write into the old one's."""
    return Path(os.path.realpath(path)) if files.is_link(path) else path
