"""As much of HTTP/1.1 as the services need: one request a connection, bodies with a stated length, a thread each."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator

CHUNK = 1 << 16
REASONS = {
    100: "Continue",
    200: "OK",
    201: "Created",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    421: "Misdirected Request",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    507: "Insufficient Storage",
}


class Problem(Exception):
    """Ends a request with this status and reason."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Request:
    """What was asked; the body is read piece by piece."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._input = connection.makefile("rb")
        line = self._line().split(" ")
        if len(line) != 3:
            raise Problem(400, "not HTTP")
        self.method, self.target = line[0], line[1]
        self.headers: dict[str, str] = {}
        while line_ := self._line():
            name, _, value = line_.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.left = self._length()

    def pieces(self) -> Iterator[bytes]:
        """The body. A client that goes away in the middle is an error, not an end."""
        if self.headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while self.left:
            piece = self._input.read(min(CHUNK, self.left))
            if not piece:
                raise Problem(400, "the body is cut off")
            self.left -= len(piece)
            yield piece

    def body(self) -> bytes:
        return b"".join(self.pieces())

    def _line(self) -> str:
        return self._input.readline(CHUNK).decode("latin-1").rstrip("\r\n")

    def _length(self) -> int:
        if "transfer-encoding" in self.headers:
            raise Problem(411, "say the length of the body")
        length = self.headers.get("content-length", "0")
        if not length.isdecimal():
            raise Problem(400, "not a length")
        return int(length)


class Response:
    """An answer; large ones come in pieces."""

    def __init__(self, status: int, kind: str, pieces: bytes | Iterator[bytes], length: int | None = None) -> None:
        self.status = status
        self.kind = kind
        self.pieces = [pieces] if isinstance(pieces, bytes) else pieces
        self.length = len(pieces) if isinstance(pieces, bytes) else length

    def send(self, connection: socket.socket, body: bool = True) -> None:
        """`body=False` answers HEAD: the same without what it is about."""
        head = (
            f"HTTP/1.1 {self.status} {REASONS[self.status]}\r\nContent-Type: {self.kind}\r\n"
            f"Content-Length: {self.length}\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(head.encode())
        for piece in self.pieces if body else []:
            connection.sendall(piece)


def answer_json(status: int, value: object) -> Response:
    return Response(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())


Handler = Callable[[Request], Response | None]
"""Answers a request; None when it has sent the answer itself."""


class Server:
    """Listens at once, answers in threads until the process ends."""

    def __init__(self, address: str, port: int, handle: Handler) -> None:
        self._handle = handle
        self.busy = 0
        self._guard = threading.Lock()
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                time.sleep(0.05)  # the client was gone before we came, or too many are here
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(60)
        with self._guard:
            self.busy += 1
        try:
            self._answer(connection)
            _linger(connection)
        except OSError:
            pass  # the client is gone: there is nobody to tell
        finally:
            connection.close()
            with self._guard:
                self.busy -= 1

    def _answer(self, connection: socket.socket) -> None:
        method = ""
        try:
            request = Request(connection)
            method = request.method
            response = self._handle(request)
        except Problem as problem:
            response = answer_json(problem.status, {"error": str(problem)})
        if response is not None:
            response.send(connection, body=method != "HEAD")


def _linger(connection: socket.socket) -> None:
    """Take what the client still sends, else closing would tear our answer away from it."""
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(2)
    while connection.recv(CHUNK):
        pass
