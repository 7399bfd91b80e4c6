"""What whoever calls may do on Linux, and what of that smena cannot do without."""

from __future__ import annotations

import os
import sys
from pathlib import Path

assert sys.platform != "win32"  # tells mypy too

FIT = True
"""No Python is shown another host than there is."""
NEEDED = False
"""Who is not root can still change what is his own."""


def everything() -> bool:
    """Whether this call may do everything on the host."""
    return os.geteuid() == 0


def shared_locks() -> Path | None:
    """Where the locks lie of what is the whole host's; None where only our own can be changed."""
    return Path("/run/smena/locks") if everything() else None
