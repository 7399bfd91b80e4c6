"""Listening TCP ports on Windows, and the processes that own them."""

from __future__ import annotations

import sys

from smena.host.windows.api import connections
from smena.host.windows.tcp import listeners

assert sys.platform == "win32"  # tells mypy too


def listening() -> list[tuple[str, int, int | None]]:
    """(address, port, process); the process is None where it has ended."""
    four = listeners(connections.listening(connections.IPV4), six=False)
    six = listeners(connections.listening(connections.IPV6), six=True)
    return [*four, *six]
