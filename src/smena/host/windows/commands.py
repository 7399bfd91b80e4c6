"""What a person on Windows types to do what smena only advises."""

from __future__ import annotations

import ntpath

RIGHT_CLOCK = "w32tm /resync"


def to_remove(path: str) -> str:
    return f'del "{path}"'


def to_set_aside(store: str) -> str:
    """A file of SQLite, with the two beside it that belong to it."""
    return f'ren "{store}" {ntpath.basename(store)}.damaged & del /q "{store}-wal" "{store}-shm"'
