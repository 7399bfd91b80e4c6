"""Whether a process carries a word in its environment, read from its own memory as tools that show processes do."""

from __future__ import annotations

import ntpath
import sys

from smena.host.windows.api import handles, process, tables
from smena.host.windows.snapshot import Seen
from smena.host.windows.words import variables

assert sys.platform == "win32"  # tells mypy too

_PARAMETERS, _ENVIRONMENT = 0x20, 0x80
"""Where a 64-bit process's block leads to its parameters, and these to its environment."""
_PAGE = 4096
_MOST = 1 << 20


def carried(one: Seen, word: str) -> bool:
    """False also where we may not look: that is then no process that we started."""
    try:
        held = process.opened(one.pid, process.READ)
        if held is None:
            return False
        with held:
            return process.started(held) == one.start and word in variables(_environment(held))
    except OSError:
        return False


def folded(path: str) -> str:
    """One spelling of a path, to compare."""
    return ntpath.normcase(ntpath.abspath(path)).removeprefix("\\\\?\\")


def _environment(held: handles.Handle) -> str:
    parameters = _pointer(held, tables.block_address(held) + _PARAMETERS)
    address = _pointer(held, parameters + _ENVIRONMENT)
    return _block(held, address).decode("utf-16-le", "replace")


def _pointer(held: handles.Handle, address: int) -> int:
    return int.from_bytes(process.memory(held, address, 8), "little")


def _block(held: handles.Handle, address: int) -> bytes:
    """Page by page, because behind its end there may be nothing to read."""
    content = b""
    while address and len(content) < _MOST:
        piece = process.memory(held, address + len(content), _PAGE - (address + len(content)) % _PAGE)
        content += piece
        if not piece or "\0\0" in content.decode("utf-16-le", "replace"):
            break
    return content
