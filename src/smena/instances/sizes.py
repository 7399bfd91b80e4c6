"""How much lies under an instance's paths, with the time at which it was measured.

Measuring walks the trees, and they may be large: each tree is walked once, paths that lie
within it are read off on the way. A size is never older than it says: it carries its time.
What another user's rights hide is left out of the answer rather than counted as nothing.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from smena import clock
from smena.definition.model import Definition, Role
from smena.errors import FileFailed
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.host.trouble import telling
from smena.host.walk import Found, walk
from smena.text import _

FOLDER = "sizes"


class Size(msgspec.Struct, frozen=True):
    """Bytes and files under one path, and when they were counted."""

    bytes: int
    files: int
    at: str


Sizes = dict[str, Size]


def measured(paths: Mapping[str, str]) -> Sizes:
    """The size of what lies at each path (in the escaped form); a path where nothing lies is left out."""
    real = {name: _real(path) for name, path in paths.items()}
    found: dict[str, Size] = {}
    for top in _tops(filter(None, real.values())):
        try:
            with telling(_("cannot measure {path}", path=encode(top))):
                found |= _walked(top, set(filter(None, real.values())))
        except FileFailed:
            continue  # not ours to look into: its size stays unknown
    return {name: found[path] for name, path in real.items() if path in found}


def by_role(definition: Definition, sizes: Mapping[str, Size]) -> dict[Role, Size]:
    """What the paths of each role hold together; it is as old as the oldest part of it."""
    found: dict[Role, Size] = {}
    for role, names in definition.instance.roles.items():
        parts = [sizes[name] for name in names if name in sizes]
        if parts:
            found[role] = Size(
                sum(part.bytes for part in parts), sum(part.files for part in parts), min(part.at for part in parts)
            )
    return found


def own_paths(definition: Definition, paths: Mapping[str, str]) -> dict[str, str]:
    """The paths that are the instance's alone: versions are shared by all."""
    shared = definition.instance.roles.get("versions", ())
    return {name: path for name, path in paths.items() if name not in shared}


def remembered(home: Path, instance: str) -> Sizes:
    """What was measured last, for lists: with its time."""
    with telling(_("cannot read {path}", path=encode(_file(home, instance)))):
        try:
            content = _file(home, instance).read_bytes()
        except FileNotFoundError:
            return {}
    try:
        return msgspec.json.decode(content, type=Sizes)
    except msgspec.DecodeError:
        return {}  # only a note of what can be measured again


def remember(home: Path, instance: str, sizes: Sizes) -> None:
    """Note what was measured. A list must work on a full disk too: what cannot be noted is measured again."""
    try:
        files.make_folder(home / FOLDER, attributes.own(0o700))
        files.write_file(_file(home, instance), msgspec.json.encode(sizes))
    except FileFailed:
        return


def _file(home: Path, instance: str) -> Path:
    return home / FOLDER / f"{instance}.json"


def _real(path: str) -> str | None:
    """Where the path really lies; None if nothing is there."""
    real = os.path.realpath(decode(path))
    return real if os.path.lexists(real) else None


def _tops(paths: Iterable[str]) -> list[str]:
    """Those that lie in no other."""
    tops: list[str] = []
    for path in sorted(set(paths), key=lambda path: Path(path).parts):
        if not tops or not Path(path).is_relative_to(tops[-1]):
            tops.append(path)
    return tops


def _walked(top: str, wanted: Iterable[str]) -> Sizes:
    """One walk: what was counted when a wanted folder was entered is taken off when it is left."""
    within = {_below(path, top): path for path in wanted if Path(path).is_relative_to(top)}
    found: Sizes = {}
    entered: dict[str, tuple[int, int]] = {}
    linked: set[tuple[int, int]] = set()
    total = count = 0
    for entry in walk(Path(top), live=True):
        if isinstance(entry, Found):
            before = (total, count)
            if not stat.S_ISDIR(entry.stat.st_mode):
                total, count = total + _first(entry.stat, linked), count + 1
            if entry.path not in within:
                continue
            entered[entry.path] = before
            if stat.S_ISDIR(entry.stat.st_mode):
                continue
        if entry.path in entered:
            start = entered[entry.path]
            found[within[entry.path]] = Size(total - start[0], count - start[1], clock.stamp())
    return found


def _below(path: str, top: str) -> str:
    """The path as the walk calls it."""
    return "" if path == top else Path(path).relative_to(top).as_posix()


def _first(info: os.stat_result, linked: set[tuple[int, int]]) -> int:
    """The file's bytes; one with several names has them only under the first."""
    if info.st_nlink > 1:
        if (info.st_dev, info.st_ino) in linked:
            return 0
        linked.add((info.st_dev, info.st_ino))
    return info.st_size
