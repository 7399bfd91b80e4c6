"""No installer works here behind the one that was started."""

from __future__ import annotations

import sys

assert sys.platform != "win32"  # tells mypy too


def at_work() -> bool:
    return False
