"""File locks on Windows: one byte far behind the text, so that the text stays readable for others.

The lock belongs to the open handle, so death releases it.
"""

from __future__ import annotations

import msvcrt
import sys

from smena.host.windows.api import locking

assert sys.platform == "win32"  # tells mypy too

_PLACE = 1 << 30


def try_lock(descriptor: int) -> bool:
    """Take the lock if nobody has it."""
    return locking.taken(msvcrt.get_osfhandle(descriptor), _PLACE, alone=True)


def try_share(descriptor: int) -> bool:
    """Take it beside others who share it, if nobody has it alone."""
    return locking.taken(msvcrt.get_osfhandle(descriptor), _PLACE, alone=False)


def unlock(descriptor: int) -> None:
    locking.given_back(msvcrt.get_osfhandle(descriptor), _PLACE)
