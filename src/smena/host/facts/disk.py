"""How much room is left where a path lies (or will lie)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from smena.host.facts.fact import Fact, volatile
from smena.host.facts.mounts import Mount, mount_of
from smena.host.native import mounts
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _


class Room(msgspec.Struct, frozen=True):
    """Room on one mount, in bytes; `free` is what we may use."""

    mount: str
    total: int
    free: int


def room(path: Path, among: Sequence[Mount] | None = None) -> Fact[Room]:
    """Two paths with the same `mount` share the room. `among`: the mounts, where they were read already."""
    there = _nearest(path)
    with telling(_("cannot measure the room at {path}", path=encode(path))):
        total, free = mounts.room(str(there))
        return volatile("room", Room(mount_of(there, among).value.point, total, free))


def _nearest(path: Path) -> Path:
    """The path itself or the first folder above it that exists already."""
    return next(place for place in (path, *path.parents) if place.exists())
