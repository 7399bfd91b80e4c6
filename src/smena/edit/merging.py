"""What a merge answers: values to show, to accept by name, to settle."""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.edit.resolutions import Side
from smena.errors import MergeConflicts
from smena.text import Text, _, plain

What = Literal["changed", "added", "removed"]


class Change(msgspec.Struct, frozen=True):
    """Something of the administrator's that is carried over. The three texts are masked; None: not there."""

    key: str
    what: What
    base: str | None
    ours: str | None
    new: str | None


class Conflict(msgspec.Struct, frozen=True):
    """Both sides changed the same thing. `line` is where it stands in the administrator's file (0: nowhere)."""

    key: str
    line: int
    base: str | None
    ours: str | None
    new: str | None


class Settled(msgspec.Struct, frozen=True):
    """A key that a resolution decided."""

    key: str
    side: Side


class Merge(msgspec.Struct, frozen=True):
    """`result` is there only if nothing is left to decide. Everything but `result` may be shown to anyone."""

    file: Text
    result: bytes | None
    carried: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    settled: tuple[Settled, ...] = ()
    unknown_base: bool = False

    def __repr__(self) -> str:
        return f"Merge(carried={len(self.carried)}, conflicts={len(self.conflicts)}, settled={len(self.settled)})"

    def outcome(self) -> bytes:
        """The merged file, or the refusal that names what has to be decided."""
        if self.result is not None:
            return self.result
        raise MergeConflicts(
            _("cannot merge {file}: {count} to decide", file=self.file, count=len(self.conflicts)),
            why=[plain(conflict.key) for conflict in self.conflicts],
            hint=_("decide each in a file and give it with --resolve FILE"),
        )
