"""What a person on Linux types to do what smena only advises."""

from __future__ import annotations

RIGHT_CLOCK = "timedatectl set-ntp true"


def to_remove(path: str) -> str:
    return f"rm {path}"


def to_set_aside(store: str) -> str:
    """A file of SQLite, with the two beside it that belong to it."""
    return f"mv {store} {store}.damaged; rm -f {store}-wal {store}-shm"
