"""A run's restore point: the index in its journal, the content beside the instance.

Rules:
- *Register before touching*: the journal knows of an entry before anything at its path changes.
- The content lies on the same mount as the path, so that putting it back is a rename.
- Nothing is deleted: what is put back over something moves that something to `replaced-…`.
- Every operation can be repeated after a death in its middle; where it stands is read
  off the disk (is the content still there?), not remembered.

What an entry is stands in `entries`.
"""

from __future__ import annotations

import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import PathUnfit
from smena.host import files, listing, owners, places
from smena.host.native import attributes
from smena.host.paths import decode, encode, followed
from smena.host.ports import Attributes
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.entries import ABSENT, COPY, FILE, KEPT, LEFT, LINK, MOVED, OWNERS, PUT_BACK, REGISTERED, Link
from smena.restore.mounted import is_mount, refuse_mount
from smena.text import _


class RestorePoint:
    """What one run keeps."""

    def __init__(self, journal: Journal, run: str, outside: Iterable[Path]) -> None:
        self.journal = journal
        self.run = run
        self.outside = tuple(path for path in outside if path.is_absolute())
        self._roots: dict[Path, Path] = {}

    # -- keeping -------------------------------------------------------------

    def save(self, seq: int, path: Path) -> None:
        """Keep what lies at `path` although it will be replaced in place: nothing, a link, or a file."""
        self.save_all(seq, [path])

    def save_all(self, seq: int, paths: Iterable[Path]) -> None:
        """The same for many, while users wait: a commit waits for the disk, so there is one for all of them."""
        with self.journal.change():
            entries = [(path, self._begun(seq, path)) for path in paths]
        faults.point("restore.registered")
        copied = [(path, entry) for path, entry in entries if entry.state == REGISTERED]
        with self.journal.change():
            contents = [self.content(entry, path) for path, entry in copied]
        for (path, _entry), content in zip(copied, contents, strict=True):
            self._copy_file(path, content)
        faults.point("restore.saved")
        with self.journal.change():
            for _path, entry in copied:
                self.journal.mark(entry.id, KEPT)

    def _begun(self, seq: int, path: Path) -> KeptRow:
        """Registered; what has no content is kept with that."""
        entry = self.journal.kept_at(seq, encode(path))
        if entry is not None:
            return entry
        how = _how(path)
        if how == MOVED:
            raise PathUnfit(_("{path} is a folder, not a file", path=encode(path)))
        number = self.journal.register(seq, encode(path), how, _link(path) if how == LINK else None)
        if how != FILE:
            self.journal.mark(number, KEPT)
        return self.journal.kept_entry(number)

    def move_away(self, seq: int, path: Path) -> None:
        """Keep what lies at `path` by renaming it into the restore point."""
        entry = self.journal.kept_at(seq, encode(path))
        if entry is None:
            refuse_mount(path)
            entry = self.register(seq, path, MOVED if files.there(path) else ABSENT)
        if entry.state != REGISTERED:
            return
        if entry.how == MOVED:
            _rename_once(path, self.content(entry, path))
        faults.point("restore.moved")
        self.journal.mark(entry.id, KEPT)

    def write(self, seq: int, path: Path, content: bytes, wanted: Attributes | None = None) -> None:
        """Replace a file's content; what lay there is kept, and so are its owner and mode unless others are wanted."""
        self.save(seq, path)
        files.write_file(path, content, wanted)

    def link(self, seq: int, path: Path, target: str) -> None:
        """Point a link elsewhere; what it pointed to is kept, and so is a file or folder that is no link."""
        self.link_all(seq, {path: target})

    def link_all(self, seq: int, links: Mapping[Path, str]) -> None:
        """The same for many."""
        kept = {path: self.journal.kept_at(seq, encode(path)) for path in links}
        hows = {path: entry.how if entry else _how(path) for path, entry in kept.items()}
        self.save_all(seq, [path for path, how in hows.items() if how in (ABSENT, LINK)])
        for path, how in hows.items():
            if how not in (ABSENT, LINK):
                self.move_away(seq, path)
        files.replace_links(links)

    def own(self, seq: int, root: Path, to: owners.Account, record: Path) -> int:
        """Give a whole tree to an account; whose it was is listed at `record` first. The number that changed hands."""
        entry = self.journal.kept_at(seq, encode(root))
        if entry is None and not files.there(root):
            raise PathUnfit(_("{path} is not there", path=encode(root)))
        entry = entry or self.register(seq, root, OWNERS)
        if entry.content is None:
            self.journal.lay(entry.id, encode(record))
        if entry.state == REGISTERED:
            with listing.written(record) as write:
                for owned in owners.below(root):
                    write(owned)
            self.journal.mark(entry.id, KEPT)
        faults.point("restore.listed")
        return owners.give(listing.read(record, owners.Owned), to)

    def let_go(self, seq: int) -> None:
        """What a step brought is whole and no longer only the run's: the way back leaves it where it is."""
        for entry in self.journal.kept(seq):
            self.journal.mark(entry.id, LEFT)

    # -- putting back ----------------------------------------------------------

    def put_back(self, seq: int) -> None:
        """Everything that a step kept, the last first; copies are put back by `Copies`."""
        for entry in reversed(self.journal.kept(seq)):
            if entry.state not in (PUT_BACK, LEFT) and entry.how != COPY:
                self._put_back(entry)
                faults.point("restore.put-back")
                self.journal.mark(entry.id, PUT_BACK)

    def _put_back(self, entry: KeptRow) -> None:
        path = Path(decode(entry.path))
        if entry.how == OWNERS:
            if entry.state == KEPT and entry.content is not None:
                owners.give_back(listing.read(Path(decode(entry.content)), owners.Owned))
            return
        self.tidy(path)
        if entry.how == ABSENT:
            self.move_aside(entry, path)
        elif entry.how == LINK:
            self._put_link_back(entry, path)
        elif entry.state == KEPT or entry.how == MOVED:
            self.bring_back(entry, path)

    def _put_link_back(self, entry: KeptRow, path: Path) -> None:
        link = msgspec.json.decode(entry.detail or b"", type=Link)
        if not link.is_at(path):
            self.move_aside(entry, path)
            make_parent(path)
        link.make(path)

    def bring_back(self, entry: KeptRow, path: Path) -> None:
        """The content to its path; what lies there is kept. Without content it is back already, or was never away."""
        content = Path(decode(entry.content or ""))
        if entry.content is None or not files.there(content):
            return
        self.move_aside(entry, path)
        make_parent(path)
        files.rename(content, path)

    def move_aside(self, entry: KeptRow, path: Path) -> None:
        """What a way back replaces is kept too."""
        if files.there(path):
            _rename_once(path, self.folder(path) / f"replaced-{entry.id}")

    def tidy(self, path: Path) -> None:
        """Take away what a death left beside the path."""
        folder = _nearest(path).parent
        places.clear_trials(folder)
        if folder == path.parent:
            files.tidy(path)

    # -- places ------------------------------------------------------------------

    def folder(self, path: Path) -> Path:
        """Where the content for `path` lies: on its mount, for this run alone, outside the instance where it can."""
        path = _nearest(path)
        key = path if is_mount(path) else path.parent
        if key not in self._roots:
            root = self._root(path)
            files.make_folder(root / self.run, attributes.own(0o700))
            self._roots[key] = root / self.run
        return self._roots[key]

    def _root(self, path: Path) -> Path:
        """An instance that is a mount of its own has no folder outside on that mount: then it lies at the top of it."""
        try:
            return places.content_root(path, self.outside)
        except PathUnfit:
            above = (followed(path.parent) / path.name).parents
            return places.content_root(next(folder for folder in above if is_mount(folder)))

    def register(self, seq: int, path: Path, how: str, detail: bytes | None = None) -> KeptRow:
        number = self.journal.register(seq, encode(path), how, detail)
        faults.point("restore.registered")
        return self.journal.kept_entry(number)

    def content(self, entry: KeptRow, path: Path, name: str = "") -> Path:
        """Where the content of an entry lies, or is to lie; written down before anything comes there."""
        if entry.content is not None:
            return Path(decode(entry.content))
        content = self.folder(path) / (name or f"kept-{entry.id}")
        self.journal.lay(entry.id, encode(content))
        return content

    # -- the operations that must be whole -------------------------------------------

    def _copy_file(self, path: Path, content: Path) -> None:
        info = files.look(path)
        files.write_file(content, path.read_bytes(), attributes.read(str(path)))
        attributes.set_times(str(content), info)


def _rename_once(old: Path, new: Path) -> None:
    """A rename that a repetition finds done."""
    if not files.there(new):
        files.rename(old, new)


def _nearest(path: Path) -> Path:
    """The path, or the first above it whose folder is there."""
    while not path.parent.is_dir():
        path = path.parent
    return path


def _link(path: Path) -> bytes:
    return msgspec.json.encode(Link.at(path))


def make_parent(path: Path) -> None:
    """A folder that went away since: what lay in it is brought back all the same."""
    if not path.parent.is_dir():
        files.make_folder(path.parent)


def _how(path: Path) -> str:
    try:
        mode = files.look(path).st_mode
    except FileNotFoundError:
        return ABSENT
    if stat.S_ISLNK(mode):
        return LINK
    return FILE if stat.S_ISREG(mode) else MOVED
