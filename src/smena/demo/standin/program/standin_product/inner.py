"""How the gateway finds the services behind it: a port of the system's choice, told in a file of the instance.

The file holds a token too. After a crash another instance may get the same port; the
token keeps one instance's requests out of another's data.
"""

from __future__ import annotations

import json
import os
import socket

from . import disk
from .refusal import Refusal
from .service import Service
from .web import Problem, Request

TOKEN = "x-standin-token"  # noqa: S105  (the header's name)
HOST = "127.0.0.1"


class InnerService(Service):
    """A service that only the gateway asks."""

    _token = ""

    def address(self) -> tuple[str, int]:
        return HOST, 0

    def listening(self, port: int) -> None:
        local = self.instance.local_temp
        disk.folder(local)
        self._held = disk.lock(os.path.join(local, f"{self.name}.lock"))
        if self._held is None:
            raise Refusal(f"{self.name} of this instance runs already")
        self._token = os.urandom(16).hex()
        disk.write(_path(local, self.name), f"{port} {self._token}\n".encode())

    def close(self) -> None:
        if self._token:
            disk.remove(_path(self.instance.local_temp, self.name))

    def admit(self, request: Request) -> None:
        """Refuse what was meant for another instance."""
        if request.headers.get(TOKEN) != self._token:
            raise Problem(421, "this is another instance")


def connect(local_temp: str, name: str, timeout: float) -> tuple[socket.socket, str]:
    """A connection to a service, and its token; OSError when it is not there."""
    with open(_path(local_temp, name), encoding="ascii") as file:
        port, _, token = file.read().strip().partition(" ")
    return socket.create_connection((HOST, int(port)), timeout), token


def health(local_temp: str, name: str, timeout: float = 5.0) -> dict[str, object]:
    """What a service says of itself; `down` when it says nothing."""
    try:
        connection, token = connect(local_temp, name, timeout)
        with connection, connection.makefile("rb") as answer:
            connection.sendall(f"GET /health HTTP/1.1\r\n{TOKEN}: {token}\r\n\r\n".encode())
            connection.shutdown(socket.SHUT_WR)
            found = json.loads(answer.read().partition(b"\r\n\r\n")[2])
    except (OSError, ValueError):
        found = None
    if isinstance(found, dict) and "up" in found:
        return found
    return {"up": False, "state": "down", "version": "", "why": f"{name} does not answer"}


def _path(local_temp: str, name: str) -> str:
    return os.path.join(local_temp, f"{name}.port")
