"""What the index of a restore point says of each entry.

An entry has a path, `how` it was kept, its content's place, and a detail. `how` says what lay at the path:

- `absent`   nothing
- `link`     a link: what it was stands in the detail (`Link`)
- `file`     a file, copied with owner, mode and times
- `moved`    anything, renamed away whole
- `copy`     a tree that foreign code changes in place, copied (`Copy`)
- `owners`   a tree whose owners were changed; the content lists whose it was
- `exchange` anything that changed places with an earlier run's entry (`Source`)

The content's place is known only after the entry was registered, since looking for it touches folders: an entry that
should have one and has none was never begun.

Its state is `registered` before anything was touched, `kept` once it can be put back, and in the end `put back`,
`left` (what came there stays) or `superseded` (its copy went on into a later entry). `cleared` is the middle of
the way back for a mount point, whose entries move one by one.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.host import files
from smena.host.native import attributes, links
from smena.host.paths import decode, encode
from smena.host.ports import Attributes

ABSENT, LINK, FILE, MOVED, COPY, OWNERS, EXCHANGE = "absent", "link", "file", "moved", "copy", "owners", "exchange"
REGISTERED, KEPT, CLEARED, PUT_BACK, LEFT, SUPERSEDED = (
    "registered",
    "kept",
    "cleared",
    "put back",
    "left",
    "superseded",
)


class Link(msgspec.Struct, frozen=True):
    """What a link was."""

    target: str
    uid: int
    gid: int
    mtime: int
    kind: str = ""
    """Where there are several: junctions and symbolic links."""

    @classmethod
    def at(cls, path: Path) -> Link:
        info = files.look(path)
        target = encode(files.link_target(path))
        return cls(target, info.st_uid, info.st_gid, info.st_mtime_ns, links.kind(str(path)))

    def is_at(self, path: Path) -> bool:
        return files.is_link(path) and encode(files.link_target(path)) == self.target

    def is_wholly_at(self, path: Path) -> bool:
        """The very link: one that was made anew for the same target has another owner or another time."""
        return files.is_link(path) and Link.at(path) == self

    def make(self, path: Path) -> None:
        """The link as it was, at a name that is free or has it already: a death may have come before its owner."""
        if not self.is_at(path):
            files.make_link(path, decode(self.target), self.kind)
        attributes.apply(str(path), Attributes(0o777, self.uid, self.gid, attributes.read(str(path)).xattrs))
        attributes.set_time(str(path), self.mtime)


class Copy(msgspec.Struct, frozen=True):
    """What a copied tree is besides: under which name the plan knows it, and when it must be put back."""

    declared: str
    """The path in the plan. A link there leads to the tree, and the entry's path is the tree's own."""
    there: bool = True
    """Whether there was a tree at all."""
    always: bool = False
    """Whatever came after the copy may have changed the tree; else only steps that say so."""


class Source(msgspec.Struct, frozen=True):
    """What changes places with what lies at a path now, as it was found before anything moved."""

    entry: int
    """The earlier run's entry."""
    how: str
    """As of that entry; `nothing` where there is nothing to do."""
    content: str | None = None
    link: Link | None = None
    there: bool = False
    """Whether something lay at the path."""
    mount: bool = False
