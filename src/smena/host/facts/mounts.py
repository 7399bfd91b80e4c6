"""What is mounted where."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from smena.errors import PathUnfit
from smena.host.facts.fact import Fact, stable
from smena.host.native import mounts, trials
from smena.host.paths import decode, encode, followed
from smena.text import _


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


def mount_of(path: Path, among: Sequence[Mount] | None = None) -> Fact[Mount]:
    """The mount on which a path lies. Who asks for many reads `all_mounts` once, and hands it in."""
    real = str(followed(path))
    points = ((decode(mount.point), mount) for mount in (all_mounts().value if among is None else among))
    over = [(len(point), mount) for point, mount in points if _lies_in(real, point)]
    if not over:
        raise PathUnfit(_("{path} lies on no disk and no drive of this host", path=encode(path)))
    return stable("mount", max(over, key=_length)[1])


def _length(found: tuple[int, Mount]) -> int:
    return found[0]


def _lies_in(path: str, point: str) -> bool:
    path, point = os.path.normcase(path), os.path.normcase(point)
    return path == point or path.startswith(point.rstrip(os.sep) + os.sep)


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
