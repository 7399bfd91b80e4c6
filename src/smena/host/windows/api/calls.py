"""How a call is declared, and how its failure becomes an OSError like every other."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

from smena.host.windows.long_paths import usual
from smena.host.windows.numbers import meant

assert sys.platform == "win32"  # tells mypy too

kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
advapi32 = ctypes.WinDLL("advapi32", use_last_error=True)
NOWHERE = ctypes.c_void_p(-1).value


def declared(library: ctypes.WinDLL, name: str, result: Any, *arguments: Any) -> Any:
    """A function whose arguments and result have their right sizes: a handle is no C int."""
    function = getattr(library, name)
    function.restype = result
    function.argtypes = arguments
    return function


def failure(path: str | None = None, number: int | None = None) -> OSError:
    """The error of the last call, or of this number."""
    said = ctypes.WinError(ctypes.get_last_error() if number is None else number)
    name = None if path is None else usual(path)
    other = meant(said.winerror or 0)
    if other is None:
        return OSError(0, said.strerror or "", name, said.winerror)
    found = OSError(other, said.strerror or os.strerror(other), name)
    found.winerror = said.winerror
    return found


def sure(done: object, path: str | None = None) -> None:
    """Raise what went wrong, unless it went well."""
    if not done:
        raise failure(path)
