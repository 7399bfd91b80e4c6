"""The kernel's tables, read: every process with its number, parent, start and name. Pure: only bytes are needed.

The layout is that of 64-bit Windows; smena runs on no other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_ENTRY = struct.Struct("<II24xQ16xHH4xQ8xQQ")
"""The next entry, threads; when it was made; its name; its number and its parent's."""
_TIMES = struct.Struct("<QQ16xQQ")
"""When the system started, what the time is; by how much the former was moved with the clock."""


class Seen(NamedTuple):
    """One process. `parent` is who started it, which may be gone, its number somebody else's by now."""

    pid: int
    parent: int
    start: int
    name: str


def processes(table: bytes, address: int) -> Iterator[Seen]:
    """The entries of the table that lay at `address`. Those without threads have ended and wait to be forgotten."""
    at, following = 0, 1
    while following:
        following, threads, start, length, _room, name, pid, parent = _ENTRY.unpack_from(table, at)
        if threads:
            yield Seen(pid, parent, start, _text(table, name - address, length))
        at += following


def boot_time(table: bytes) -> int:
    """When the system started, by the clock as it was then."""
    boot, _now, moved, _slept = _TIMES.unpack_from(table)
    return int(boot - moved)


def _text(table: bytes, at: int, length: int) -> str:
    return table[at : at + length].decode("utf-16-le", "replace") if 0 <= at <= len(table) - length else ""


def family(root: Seen, among: list[Seen]) -> list[Seen]:
    """What this living process started, and what that started. A child is never older than its parent: one that is
    was started by another, whose number was given again."""
    found, fresh = [root], [root]
    while fresh:
        fresh = [one for one in among if one not in found and any(_child(one, parent) for parent in fresh)]
        found += fresh
    return found


def _child(one: Seen, parent: Seen) -> bool:
    return one.parent == parent.pid and one.start >= parent.start and one.pid != parent.pid
