"""A plain archive of an instance's trees, made and read back.

A backup counts only after every byte of it was read again and found to be what was written, so
making one ends with reading one. A half-made archive never has the name of a whole one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.drivers import archive
from smena.host import digest, files
from smena.host.native import attributes
from smena.host.ports import Progress, no_progress


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was made and read back; lies beside the archive as `<name>.json`."""

    archive: str
    sha256: str
    size: int
    files: int
    made_at: str
    about: dict[str, str]


def make(
    folder: Path,
    name: str,
    trees: Mapping[str, Path],
    *,
    without: Sequence[str] = (),
    about: Mapping[str, str],
    progress: Progress = no_progress,
) -> Made:
    """Archive these trees, each under its name, and read everything back. What a death left of this name goes first."""
    files.make_folder(folder, attributes.own(0o700))
    target = _archive(folder, name)
    tidy(folder, name)
    if _about(target).exists():
        return msgspec.json.decode(_about(target).read_bytes(), type=Made)
    count = archive.make(target, trees, without=without, progress=progress)
    faults.point("backup.made")
    archive.read_back(target, progress=progress)
    found = digest.sha256(target)
    made = Made(
        archive=target.name, sha256=found.hex, size=found.size, files=count, made_at=clock.stamp(), about=dict(about)
    )
    files.write_file(_about(target), msgspec.json.encode(made), attributes.own(0o600))
    return made


def tidy(folder: Path, name: str) -> None:
    """Take away an archive that was not read back: it is no backup, and nobody will go on with it."""
    target = _archive(folder, name)
    if not folder.is_dir():
        return
    for path in (target, _about(target)):
        files.tidy(path)
    if not _about(target).exists():
        files.remove_file(target)


def _archive(folder: Path, name: str) -> Path:
    return folder / f"{name}.tar.zst"


def _about(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.json")
