"""The system's table of listening TCP ports, read. Pure: only bytes are needed.

A count comes first, then rows: for IPv4 state, address, port, two fields of the other side and the process; for IPv6
address, its zone, port, three fields of the other side, state and process. Ports lie in the network's order.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

_COUNT = struct.Struct("<I")
_ROW = struct.Struct("<4x4s2s2x8xI")
_ROW6 = struct.Struct("<16s4x2s2x24x4xI")


def listeners(table: bytes, *, six: bool) -> Iterator[tuple[str, int, int | None]]:
    """(address, port, process); a port whose process has ended is nobody's."""
    row, family = (_ROW6, socket.AF_INET6) if six else (_ROW, socket.AF_INET)
    (count,) = _COUNT.unpack_from(table)
    for number in range(count):
        address, port, pid = row.unpack_from(table, _COUNT.size + number * row.size)
        yield socket.inet_ntop(family, address), int.from_bytes(port, "big"), pid or None
