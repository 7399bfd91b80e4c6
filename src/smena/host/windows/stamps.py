"""File times on Windows are not trusted: writes through a mapping may not show in them. Every file is copied again."""

from __future__ import annotations

from pathlib import Path


def trial(folder: Path) -> int | None:
    return None
