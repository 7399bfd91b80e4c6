"""The system's own library, its handles, and what becomes of a failure."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes
from types import TracebackType
from typing import Self

assert sys.platform == "win32"  # tells mypy too

KERNEL32 = ctypes.WinDLL("kernel32", use_last_error=True)
GONE = 87
"""A process of this number there is not (or no more): ERROR_INVALID_PARAMETER."""

_close = KERNEL32.CloseHandle
_close.argtypes, _close.restype = [wintypes.HANDLE], wintypes.BOOL


class Handle:
    """A thing of the kernel's, ours until it is closed."""

    def __init__(self, number: int) -> None:
        self.number = number

    def close(self) -> None:
        number, self.number = self.number, 0
        if number:
            _close(number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def failure(path: str | None = None, code: int | None = None) -> OSError:
    """The system's last error, with the number that POSIX has for it."""
    number = ctypes.get_last_error() if code is None else code
    words = ctypes.FormatError(number).strip()
    return OSError(0, words, path, number) if path is not None else OSError(0, words, None, number)


def sure(done: object, path: str | None = None) -> None:
    """Raise what went wrong, unless it went well."""
    if not done:
        raise failure(path)
