"""Whether anything may have changed a tree since it was copied.

A copy is put back only then. Between a backup's copy and a later failure users may have worked on: swapping in
the older copy would take their work away for nothing.
"""

from __future__ import annotations

from pathlib import PurePath

import msgspec

from smena.host.paths import decode
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.entries import Copy


class _Changes(msgspec.Struct):
    """The one thing that is read of any step's parameters here: what it declares to change."""

    changes: tuple[str, ...] = ()


def touched(journal: Journal, entry: KeptRow) -> bool:
    """Whether a step has begun since that says that it changes the tree, or something in it or around it."""
    copy = msgspec.json.decode(entry.detail or b"", type=Copy)
    since = [step for step in journal.steps() if step.seq > entry.seq and step.attempts]
    if copy.always:
        return bool(since)
    names = {copy.declared, entry.path}
    return any(
        _meet(name, changed)
        for step in since
        for changed in msgspec.json.decode(step.params, type=_Changes).changes
        for name in names
    )


def _meet(one: str, other: str) -> bool:
    first, second = PurePath(decode(one)), PurePath(decode(other))
    return first.is_relative_to(second) or second.is_relative_to(first)
