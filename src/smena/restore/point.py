"""A run's restore point: the index in its journal, the content beside the instance.

Rules:
- *Register before touching*: the journal knows of an entry before anything at its path changes.
- The content lies on the same mount as the path, so that putting it back is a rename.
- Nothing is deleted: what is put back over something moves that something to `replaced`.
- Every operation can be repeated after a death in its middle; where it stands is read
  off the disk (is the content still there?), not remembered.

An entry's `how` says what lay there: `absent` nothing, `link` a link (its target is in the
detail), `file` a file (copied, with owner, mode and times), `moved` anything (renamed away whole).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import PathUnfit
from smena.host import files, places
from smena.host.native import attributes, mounts
from smena.host.paths import decode, encode
from smena.host.ports import Attributes
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.text import _


class Link(msgspec.Struct, frozen=True):
    """What a link was."""

    target: str
    uid: int
    gid: int


class RestorePoint:
    """What one run keeps."""

    def __init__(self, journal: Journal, run: str, outside: Iterable[Path]) -> None:
        self.journal = journal
        self.run = run
        self.outside = tuple(outside)
        self._roots: dict[Path, Path] = {}

    # -- keeping -------------------------------------------------------------

    def save(self, seq: int, path: Path) -> None:
        """Keep what lies at `path` although it will be replaced in place: nothing, a link, or a file."""
        entry = self._entry(seq, path) or self._register(seq, path, _how(path))
        if entry.state != "registered":
            return
        if entry.how == "moved":
            raise PathUnfit(_("{path} is a folder, not a file", path=encode(path)))
        if entry.how == "file":
            self._copy_file(path, self._content(entry))
        faults.point("restore.saved")
        self.journal.mark(entry.id, "kept")

    def move_away(self, seq: int, path: Path) -> None:
        """Keep what lies at `path` by renaming it into the restore point."""
        entry = self._entry(seq, path) or self._register(seq, path, "moved" if os.path.lexists(path) else "absent")
        if entry.state != "registered":
            return
        if entry.how == "moved":
            self._rename_once(path, self._content(entry))
        self.journal.mark(entry.id, "kept")

    def write(self, seq: int, path: Path, content: bytes, wanted: Attributes | None = None) -> None:
        """Replace a file's content; what lay there is kept, and so are its owner and mode unless others are wanted."""
        self.save(seq, path)
        files.write_file(path, content, wanted)

    def link(self, seq: int, path: Path, target: str) -> None:
        """Point a link elsewhere; what it pointed to is kept, and so is a file or folder that is no link."""
        entry = self._entry(seq, path)
        how = entry.how if entry else _how(path)
        if how in ("absent", "link"):
            self.save(seq, path)
        else:
            self.move_away(seq, path)
        files.replace_link(path, target)

    # -- putting back ----------------------------------------------------------

    def put_back(self, seq: int) -> None:
        """Everything that a step kept, the last first."""
        for entry in reversed(self.journal.kept(seq)):
            if entry.state != "put back":
                self._put_back(entry)
                faults.point("restore.put-back")
                self.journal.mark(entry.id, "put back")

    def _put_back(self, entry: KeptRow) -> None:
        path = Path(decode(entry.path))
        files.tidy(path)
        if entry.how == "absent":
            self._move_aside(entry, path)
        elif entry.how == "link":
            self._put_link_back(entry, path)
        elif entry.state == "kept" or entry.how == "moved":
            content = self._content(entry)
            if not os.path.lexists(content):
                return  # it is back already, or was never taken away
            self._move_aside(entry, path)
            files.rename(content, path)

    def _put_link_back(self, entry: KeptRow, path: Path) -> None:
        link = msgspec.json.decode(entry.detail or b"null", type=Link)
        if path.is_symlink() and os.fspath(path.readlink()) == decode(link.target):
            return
        self._move_aside(entry, path)
        files.make_link(path, decode(link.target))

    def _move_aside(self, entry: KeptRow, path: Path) -> None:
        """What a rollback replaces is kept too."""
        if os.path.lexists(path):
            aside = self._place(path, f"replaced-{entry.id}")
            self._rename_once(path, aside)

    # -- places ------------------------------------------------------------------

    def folder(self, path: Path) -> Path:
        """Where the content for `path` lies: on its mount, for this run alone, outside the instance where it can.

        An instance that is a mount of its own has no folder outside on that mount: then it lies inside.
        """
        key = path if is_mount(path) else path.parent
        if key not in self._roots:
            try:
                root = places.content_root(path, self.outside)
            except PathUnfit:
                root = places.content_root(path)
            files.make_folder(root / self.run, attributes.own(0o700))
            self._roots[key] = root / self.run
        return self._roots[key]

    def _place(self, path: Path, name: str) -> Path:
        return self.folder(path) / name

    def _content(self, entry: KeptRow) -> Path:
        return Path(decode(entry.content or ""))

    def _entry(self, seq: int, path: Path) -> KeptRow | None:
        wanted = encode(path)
        return next((entry for entry in self.journal.kept(seq) if entry.path == wanted), None)

    def _register(self, seq: int, path: Path, how: str) -> KeptRow:
        count = len(self.journal.kept(seq))
        content = encode(self._place(path, f"{seq}-{count}")) if how in ("file", "moved") else None
        detail = _link(path) if how == "link" else None
        number = self.journal.register(seq, encode(path), how, content=content, detail=detail)
        faults.point("restore.registered")
        return self.journal.kept_entry(number)

    # -- the operations that must be whole -------------------------------------------

    def _copy_file(self, path: Path, content: Path) -> None:
        info = path.lstat()
        files.write_file(content, path.read_bytes(), attributes.read(str(path)))
        attributes.set_times(str(content), info)

    def _rename_once(self, old: Path, new: Path) -> None:
        """A rename that a repetition finds done."""
        if not os.path.lexists(new):
            files.rename(old, new)


def is_mount(path: Path) -> bool:
    """A mount point cannot be renamed, only what lies in it."""
    return mounts.is_point(os.path.realpath(path))


def _how(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return "absent"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_ISREG(mode) else "moved"


def _link(path: Path) -> bytes:
    info = path.lstat()
    return msgspec.json.encode(Link(encode(path.readlink()), info.st_uid, info.st_gid))
