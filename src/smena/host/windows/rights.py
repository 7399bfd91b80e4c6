"""What whoever calls may do on Windows, and what of that smena cannot do without."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from smena.host.windows.api import accounts

assert sys.platform == "win32"  # tells mypy too

WIDE = sys.maxsize > 1 << 32
"""Whether this Python is one for 64 bits."""
FIT = WIDE
"""A 32-bit Python is shown another registry and other folders of programs than those of the host."""
NEEDED = True
"""Services, sites and files of others are an administrator's; Windows gives no part of that to others."""


def everything() -> bool:
    """Whether this call may do everything on the host."""
    return accounts.elevated()


def shared_locks() -> Path | None:
    """Where the locks lie of what is the whole host's; None where only our own can be changed."""
    data = os.environ.get("PROGRAMDATA", r"C:\ProgramData")
    return Path(data) / "smena" / "locks" / "shared" if everything() else None
