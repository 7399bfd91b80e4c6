"""What whoever calls may do on Linux."""

from __future__ import annotations

import os
import sys
from pathlib import Path

assert sys.platform != "win32"  # tells mypy too

NEEDED = False
"""Whether only who may do everything can change an instance: here others can change what is their own."""

SHARED_MODE = 0o755
"""Of the folder of the shared locks and those above it: none is the home, and everybody may see who holds what."""


def everything() -> bool:
    """Whether this call may do everything on the host."""
    return os.geteuid() == 0


def shared_locks() -> Path | None:
    """Where the locks lie of what is the whole host's; None where only our own can be changed."""
    return Path("/run/smena/locks") if everything() else None
