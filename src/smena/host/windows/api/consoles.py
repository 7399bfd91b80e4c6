"""Other processes' consoles: a process can stand at one only, so this is for one that has none of its own to lose."""

from __future__ import annotations

import ctypes
import sys
from ctypes import wintypes

from smena.host.windows.api import kernel

assert sys.platform == "win32"  # tells mypy too

_BREAK = 1
_MOST = 1024

_attach = kernel.KERNEL32.AttachConsole
_attach.argtypes, _attach.restype = [wintypes.DWORD], wintypes.BOOL
_free = kernel.KERNEL32.FreeConsole
_free.argtypes, _free.restype = [], wintypes.BOOL
_list = kernel.KERNEL32.GetConsoleProcessList
_list.argtypes, _list.restype = [ctypes.POINTER(wintypes.DWORD), wintypes.DWORD], wintypes.DWORD
_generate = kernel.KERNEL32.GenerateConsoleCtrlEvent
_generate.argtypes, _generate.restype = [wintypes.DWORD, wintypes.DWORD], wintypes.BOOL
_Handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)
_handler = kernel.KERNEL32.SetConsoleCtrlHandler
_handler.argtypes, _handler.restype = [_Handler, wintypes.BOOL], wintypes.BOOL
_DEAF = _Handler(lambda _event: True)


def be_deaf() -> None:
    """What we tell a console we hear too; it is not meant for us."""
    kernel.sure(_handler(_DEAF, True))


def attach(pid: int) -> bool:
    """Stand at the console of this process; false where it has none."""
    return bool(_attach(pid))


def leave() -> None:
    _free()


def those_here() -> list[int]:
    """Everybody at this console."""
    numbers = (wintypes.DWORD * _MOST)()
    count = _list(numbers, _MOST)
    kernel.sure(count)
    return [int(number) for number in numbers[: min(count, _MOST)]]


def ask_to_end(group: int = 0) -> bool:
    """Ctrl-Break for one group at this console, or for everybody there; whether it could be said."""
    return bool(_generate(_BREAK, group))
