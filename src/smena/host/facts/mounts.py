"""What is mounted where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath

import msgspec

from smena.host.facts.fact import Fact, stable
from smena.host.native import mounts, trials
from smena.host.paths import decode, encode, followed


class Mount(msgspec.Struct, frozen=True):
    """One mount, its paths in the escaped form."""

    point: str
    kind: str
    source: str
    read_only: bool


def all_mounts() -> Fact[tuple[Mount, ...]]:
    """Of several mounts at one point only the last made: the others are hidden."""
    seen = {mount.point: mount for mount in mounts.read()}
    return stable("mounts", tuple(_shown(mount) for mount in seen.values()))


def mount_of(path: Path) -> Fact[Mount]:
    """The mount on which a path lies."""
    real = followed(path)
    above = [mount for mount in mounts.read() if real.is_relative_to(mount.point)]
    longest = max(len(PurePath(mount.point).parts) for mount in above)
    return stable("mount", _shown([mount for mount in above if len(PurePath(mount.point).parts) == longest][-1]))


def _shown(mount: mounts.Mount) -> Mount:
    return Mount(encode(mount.point), mount.kind, encode(mount.source), mount.read_only)


def unmounted() -> tuple[Mount, ...]:
    """What the administrator's table wants mounted, and is not: its folders look empty."""
    seen = {mount.point for mount in mounts.read()}
    return tuple(_shown(mount) for mount in trials.wanted_mounts() if mount.point not in {"/", *seen})


def above(path: Path, among: Sequence[Mount]) -> Mount | None:
    """The nearest of these mounts above a path."""
    found = [mount for mount in among if path.is_relative_to(decode(mount.point))]
    return max(found, key=lambda mount: len(mount.point), default=None)
