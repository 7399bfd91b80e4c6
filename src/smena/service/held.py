"""What a run that is over still holds on the host, how much room it takes, and when that was measured."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from smena import clock
from smena.host import files, removal
from smena.host.native import content
from smena.host.paths import decode, encode
from smena.host.walk import Found, walk
from smena.journal.journal import Journal
from smena.service import places

_NOTE = "restore-point.json"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """`given_up`: retention has taken it away; measured is what is left then, nothing."""

    bytes: int
    files: int
    at: str
    given_up: bool = False


def noted(home: Path, run: str) -> Held | None:
    """What was measured when the run ended; None for one that is not over."""
    place = _place(home, run)
    return msgspec.json.decode(place.read_bytes(), type=Held) if place.exists() else None


def note(home: Path, run: str) -> Held:
    """Measure what a run holds, and write it down."""
    return write(home, run, _measured(home, run))


def write(home: Path, run: str, held: Held) -> Held:
    files.write_file(_place(home, run), msgspec.json.encode(held))
    return held


def folders(home: Path, run: str) -> Iterator[Path]:
    """The folders on the host in which a run's content lies: above the paths that it kept."""
    seen: set[Path] = set()
    for path in _kept_paths(home, run):
        for above in (path, *path.parents):
            folder = above / removal.OURS / run
            if folder not in seen and folder.is_dir():
                seen.add(folder)
                yield folder


def shown(home: Path, run: str) -> list[str]:
    """The same, for those who want to look into them."""
    return [encode(folder) for folder in folders(home, run)]


def _kept_paths(home: Path, run: str) -> list[Path]:
    """And where their content was laid, because what led to a path may have been a link."""
    journal = Journal.read(places.run_folder(home, run))
    try:
        kept = journal.kept()
    finally:
        journal.close()
    contents = (entry.content for entry in kept if entry.content is not None)
    return [Path(decode(name)) for name in sorted({*(entry.path for entry in kept), *contents})]


def _measured(home: Path, run: str) -> Held:
    """Room that is really taken up: a hole takes none."""
    seen = [each for folder in folders(home, run) for each in walk(folder, live=True) if isinstance(each, Found)]
    return Held(bytes=sum(content.allocated(each.stat) for each in seen), files=len(seen), at=clock.stamp())


def _place(home: Path, run: str) -> Path:
    return places.run_folder(home, run) / _NOTE
