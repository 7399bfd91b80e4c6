"""Other processes' consoles: a process can stand at one only, so this is for one that has none of its own to lose."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import calls

assert sys.platform == "win32"  # tells mypy too

_BREAK = 1
_MOST = 1024

_attach = calls.declared(calls.kernel32, "AttachConsole", wintypes.BOOL, wintypes.DWORD)
_free = calls.declared(calls.kernel32, "FreeConsole", wintypes.BOOL)
_list = calls.declared(
    calls.kernel32, "GetConsoleProcessList", wintypes.DWORD, ctypes.POINTER(wintypes.DWORD), wintypes.DWORD
)
_generate = calls.declared(calls.kernel32, "GenerateConsoleCtrlEvent", wintypes.BOOL, wintypes.DWORD, wintypes.DWORD)
_Handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
_handler = calls.declared(calls.kernel32, "SetConsoleCtrlHandler", wintypes.BOOL, _Handler, wintypes.BOOL)
_DEAF = _Handler(lambda _event: True)


def be_deaf() -> None:
    """What we tell a console we hear too; it is not meant for us."""
    calls.sure(_handler(_DEAF, True))


def attach(pid: int) -> bool:
    """Stand at the console of this process; false where it has none."""
    return bool(_attach(pid))


def leave() -> None:
    _free()


def those_here() -> list[int]:
    """Everybody at this console."""
    numbers = (wintypes.DWORD * _MOST)()
    count = _list(numbers, _MOST)
    calls.sure(count)
    return [int(number) for number in numbers[: min(count, _MOST)]]


def ask_to_end(group: int = 0) -> bool:
    """Ctrl-Break for one group at this console, or for everybody there; whether it could be said."""
    return bool(_generate(_BREAK, group))
