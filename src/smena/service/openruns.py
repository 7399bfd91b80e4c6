"""Which runs are not over. One that is leaves a mark, so looking costs next to nothing however many there were."""

from __future__ import annotations

from pathlib import Path

OVER = "over"


def mark_over(folder: Path) -> None:
    from smena.host import files

    files.write_file(folder / OVER, b"")


def open_runs(home: Path) -> list[str]:
    """Runs that are not marked as over."""
    try:
        found = list((home / "runs").iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return sorted(folder.name for folder in found if not (folder / OVER).exists())
