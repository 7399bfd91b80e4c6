"""The life of a service, the same for all three: read, refuse or serve, end on SIGTERM within a tenth of a second."""

from __future__ import annotations

import os
import select
import signal
import socket
import sys
import time

from . import faults as wishes
from .faults import Faults
from .instance import Instance, log_folder
from .logs import Logs
from .refusal import Refusal
from .web import Request, Response, Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

HEARTBEAT = 10.0
_called, _calling = socket.socketpair()
"""Gets a byte for every signal."""


class Service:
    """One of the three; the subclasses say what it listens on and what it answers."""

    name = ""

    def __init__(self, instance: Instance, logs: Logs, faults: Faults) -> None:
        self.instance = instance
        self.logs = logs
        self.faults = faults
        self.state = "starting"
        self.why = ""

    def address(self) -> tuple[str, int]:
        raise NotImplementedError

    def handle(self, request: Request) -> Response | None:
        raise NotImplementedError

    def listening(self, port: int) -> None:
        """The port is open; nothing is promised yet."""

    def begin(self) -> None:
        """What has to be done before the service is up; may take long."""

    def close(self) -> None:
        """Leave everything as the next start wants to find it."""

    def fail(self, why: str) -> None:
        self.state, self.why = "failed", why
        self.logs.failure(why)

    def health(self) -> dict[str, object]:
        version = self.faults.text("wrong-version") or self.instance.release.version
        return {"up": self.state == "up", "state": self.state, "version": version, "why": self.why}


def main(arguments: list[str], kind: type[Service]) -> NoReturn:
    """Run a service: `PROGRAM INSTANCE-FILE`, the program found through the instance's link `bin`."""
    if len(arguments) != 2:
        print(f"usage: {kind.name}.py INSTANCE-FILE", file=sys.stderr)
        _end(2)
    config = os.path.dirname(os.path.dirname(os.path.abspath(arguments[0])))
    logs = None
    try:
        logs = Logs(log_folder(config), kind.name)
        instance = Instance(config, os.path.abspath(arguments[1]))
        _live(kind(instance, logs, wishes.load(config, instance.release.version, kind.name)))
    except (Refusal, OSError) as problem:
        if logs is None:
            print(f"{kind.name}: {problem}", file=sys.stderr)
        else:
            logs.failure(str(problem))
    _end(1)


def _live(service: Service) -> None:
    server = None
    try:
        _obey(service.faults)
        if service.faults.wanted("no-start"):
            raise Refusal("it does not start, as was asked for")
        server = _listen(service)
        service.listening(server.port)
        _rest(service.faults.seconds("slow-start"))
        service.begin()
        if service.state == "starting":
            service.state = "up"
            service.logs.info(f"version {service.instance.release.version} is up, port {server.port}")
        _beat(service)
    except (Refusal, OSError):
        service.close()
        raise
    except SystemExit:
        _drain(server)
        service.close()
        service.logs.info("stopped")
        _end(0)


def _beat(service: Service) -> NoReturn:
    """Say from time to time that we live; fail on demand."""
    limit = service.faults.seconds("error-after")
    if limit:
        _rest(limit)
        service.fail("it stopped working, as was asked for")
    while True:
        service.logs.heartbeat(service.state)
        _rest(HEARTBEAT)


def _rest(seconds: float) -> None:
    """Sleep, but not through a signal: one that comes just before a sleep, or to another thread, ends it too."""
    select.select([_called], [], [], seconds)


def _listen(service: Service) -> Server:
    address, port = service.address()
    taker = _take(address, port) if service.faults.wanted("port-taken") else None
    try:
        return Server(address, port, service.handle)
    except OSError as error:
        raise Refusal(f"cannot listen on {address}:{port}: {error.strerror}") from None
    finally:
        if taker is not None:
            taker.close()


def _take(address: str, port: int) -> socket.socket:
    """Hold a port as a foreign program would."""
    taker = socket.socket()
    taker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    taker.bind((address, port))
    taker.listen()
    return taker


def _obey(faults: Faults) -> None:
    """SIGTERM ends the main thread where it stands, in the middle of a conversion too."""

    def leave(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        sys.exit(0)

    _calling.setblocking(False)
    signal.set_wakeup_fd(_calling.fileno())
    deaf = faults.wanted("ignore-sigterm")
    signal.signal(signal.SIGTERM, signal.SIG_IGN if deaf else leave)
    signal.signal(signal.SIGINT, leave)


def _drain(server: Server | None) -> None:
    """Let answers that are on their way go out, but not for long."""
    limit = time.monotonic() + 0.05
    while server is not None and server.busy and time.monotonic() < limit:
        time.sleep(0.002)


def _end(status: int) -> NoReturn:
    """Leave at once: nothing is left to tidy up, and tearing the interpreter down takes its time."""
    sys.stderr.flush()
    os._exit(status)
