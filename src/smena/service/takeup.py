"""Runs that something interrupted are taken up by the next call of smena, whatever it is.

A run that is over leaves a mark in its folder, so that looking costs next to nothing however many there were.
"""

from __future__ import annotations

from pathlib import Path

from smena.host import files

OVER = "over"


def mark_over(folder: Path) -> None:
    files.write_file(folder / OVER, b"")


def open_runs(home: Path) -> list[str]:
    """Runs that are not marked as over; a folder that died before its journal was made is no run."""
    runs = home / "runs"
    if not runs.is_dir():
        return []
    return sorted(folder.name for folder in runs.iterdir() if not (folder / OVER).exists())


def take_up(home: Path) -> list[str]:
    """Start again what nobody carries and nobody is asked about; their names."""
    waiting = open_runs(home)
    if not waiting:
        return []
    from smena.errors import RunUnknown
    from smena.service import launching, runs

    taken = []
    for run in waiting:
        try:
            state = runs.view(home, run).state
        except RunUnknown:
            continue
        if state == "interrupted":
            launching.start(home, run)
            taken.append(run)
    return taken
