"""Where things lie in a home."""

from __future__ import annotations

from pathlib import Path

from smena.host import files
from smena.host.native import attributes

REQUESTS = "requests"
NOTE = "process.note"
"""Who carries the run, written by that process itself."""
TROUBLE = "trouble.json"
"""Why the run's process could not even begin, for those who ask."""


def runs(home: Path) -> Path:
    return home / "runs"


def run_folder(home: Path, run: str) -> Path:
    return runs(home) / run


def lock(home: Path, instance: str) -> Path:
    """The lock that a run of this instance holds; its folder is made here."""
    folder = home / "locks"
    files.make_folder(folder, attributes.own(0o700))
    return folder / f"{instance}.lock"
