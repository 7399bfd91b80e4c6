"""What a volume can do. Copies share no blocks: that is not written, so it is not promised. There are no labels."""

from __future__ import annotations

import sys

from smena.host.windows import mounts

assert sys.platform == "win32"  # tells mypy too


def reflink(folder: str) -> bool | None:
    del folder
    return False


def labels(folder: str) -> bool | None:
    del folder
    return None


def wanted_mounts() -> list[mounts.Mount]:
    """Windows has no table of what should be mounted."""
    return []
