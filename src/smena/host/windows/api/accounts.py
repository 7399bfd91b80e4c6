"""What the account that runs us may do."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

_admin = calls.declared(ctypes.WinDLL("shell32"), "IsUserAnAdmin", wintypes.BOOL)


def elevated() -> bool:
    """An administrator's console that was not opened as one counts as not."""
    return bool(_admin())
