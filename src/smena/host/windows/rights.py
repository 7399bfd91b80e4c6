"""What whoever calls may do on Windows."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from smena.host.windows.api import accounts

assert sys.platform == "win32"  # tells mypy too

NEEDED = True
"""Whether only who may do everything can change an instance: services, sites and tasks are an administrator's."""

SHARED_MODE = 0o700
"""Of the folder of the shared locks and those above it: one of them is the usual home."""


def everything() -> bool:
    """Whether this call may do everything on the host."""
    return accounts.elevated()


def shared_locks() -> Path | None:
    """Where the locks lie of what is the whole host's; None where only our own can be changed."""
    data = os.environ.get("PROGRAMDATA", r"C:\ProgramData")
    return Path(data) / "smena" / "locks" / "shared" if everything() else None
