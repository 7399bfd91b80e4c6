"""Which TCP ports are listened on, and by whom."""

from __future__ import annotations

import msgspec

from smena.host.facts.fact import Fact, volatile
from smena.host.native import processes, sockets
from smena.host.paths import encode


class Listener(msgspec.Struct, frozen=True):
    """A listening port; the process is unknown where we have no right to see it."""

    address: str
    port: int
    pid: int | None
    program: str


def listeners(port: int | None = None) -> Fact[tuple[Listener, ...]]:
    """All of them, or those on one port."""
    found = [
        Listener(address, number, pid, encode(processes.program(pid)) if pid else "")
        for address, number, pid in sockets.listening()
        if port is None or number == port
    ]
    return volatile("ports", tuple(found))
