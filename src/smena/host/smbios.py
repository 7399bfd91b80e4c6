"""What the firmware tells of the machine: the two names in its tables that are its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import NamedTuple

_SYSTEM, _BOARD, _END = 1, 2, 127


class Names(NamedTuple):
    """The system's UUID, and the board's serial number."""

    system: str | None
    board: str | None


def read(tables: bytes) -> Names:
    system = board = None
    for kind, fixed, texts in _structures(tables):
        if kind == _SYSTEM and len(fixed) >= 24:
            system = system or str(uuid.UUID(bytes_le=fixed[8:24]))
        elif kind == _BOARD and len(fixed) >= 8 and 0 < fixed[7] <= len(texts):
            board = board or texts[fixed[7] - 1].decode("latin-1")
    return Names(system, board)


def _structures(tables: bytes) -> Iterator[tuple[int, bytes, list[bytes]]]:
    """Each is a fixed part, whose second byte is its length, and texts that end in zeros."""
    start = 0
    while start + 4 <= len(tables) and tables[start] != _END:
        end = start + max(4, tables[start + 1])
        close = tables.find(b"\0\0", end)
        if close < 0:
            return
        yield tables[start], tables[start:end], [text for text in tables[end:close].split(b"\0") if text]
        start = close + 2
