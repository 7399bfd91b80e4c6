"""What the account that runs us may do."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

assert sys.platform == "win32"  # tells mypy too

_admin = ctypes.WinDLL("shell32", use_last_error=True).IsUserAnAdmin
_admin.argtypes, _admin.restype = [], wintypes.BOOL


def elevated() -> bool:
    """An administrator's console that was not opened as one counts as not."""
    return bool(_admin())
