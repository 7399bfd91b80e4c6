"""The gateway: serves the instance's site, and passes data on to the platform.

GET /         the login page, with product and version
GET /health   what runs and in what state, as JSON; 200 only if everything is well
/records, /files   the platform's (comindware.py)
"""

from __future__ import annotations

import contextlib
import os
import socket

from . import disk, inner
from .faults import Faults
from .instance import Instance, number
from .logs import Logs
from .service import Service
from .web import CHUNK, Problem, Request, Response, answer_json

STATIC = {
    "/robots.txt": ("robots.txt", "text/plain; charset=utf-8"),
    "/favicon.ico": ("favicon.ico", "image/x-icon"),
    "/mobile/": ("mobile/index.html", "text/html; charset=utf-8"),
    "/unauthorized/": ("unauthorized/index.html", "text/html; charset=utf-8"),
}


class ApiGateway(Service):
    name = "apigateway"

    def __init__(self, instance: Instance, logs: Logs, faults: Faults) -> None:
        """Read every page now: the links may lead elsewhere while we still run."""
        super().__init__(instance, logs, faults)
        self._limit = number(instance.gateway, "limits.maxRequestBodySize", 104857600)
        settings = instance.gateway
        self._timeout = number(settings, "proxy.platform.timeoutSeconds", 0) or number(
            settings, "services.platform.timeout", 100
        )
        self._login = disk.read(os.path.join(instance.config, "resources", "login.html")).decode()
        self._static = {
            target: Response(200, kind, disk.read(os.path.join(instance.config, name)))
            for target, (name, kind) in STATIC.items()
        }

    def address(self) -> tuple[str, int]:
        return self.instance.gateway.get("listen.address", "127.0.0.1"), self.instance.port()

    def handle(self, request: Request) -> Response | None:
        target = request.target.partition("?")[0]
        if target.partition("/")[2].partition("/")[0] in ("records", "files"):
            self._pass_on(request)
            return None
        if request.method not in ("GET", "HEAD"):
            raise Problem(405, "only GET and HEAD")
        if target == "/health":
            overall = self._overall()
            return answer_json(200 if overall["status"] == "ok" else 503, overall)
        if target == "/":
            return self._page()
        if target not in self._static:
            raise Problem(404, f"no such page: {target}")
        return self._static[target]

    def _page(self) -> Response:
        overall = self._overall()
        ok = overall["status"] == "ok"
        page = self._login
        shown = {"product": overall["product"], "version": overall["version"], "instance": self.instance.name}
        for key, value in {**shown, "state": "" if ok else overall["status"]}.items():
            page = page.replace("{" + key + "}", _escaped(str(value)))
        return Response(200 if ok else 503, "text/html; charset=utf-8", page.encode())

    def _overall(self) -> dict[str, object]:
        """Well is only what is whole: all three up, and of one version."""
        local = self.instance.local_temp
        services = {name: inner.health(local, name) for name in ("comindware", "adapterhost")}
        services["apigateway"] = self.health()
        bad = [found for found in services.values() if not found["up"]]
        mixed = len({found["version"] for found in services.values()}) > 1 and not self.faults.text("wrong-version")
        platform = services["comindware"]
        return {
            "product": self.instance.release.product,
            "instance": self.instance.name,
            "version": services["apigateway"]["version"],
            "status": bad[0]["state"] if bad else "mixed versions" if mixed else "ok",
            "why": bad[0]["why"] if bad else "",
            "structure": platform.get("structure", ""),
            "settings_of": platform.get("settings_of", ""),
            "workers": platform.get("workers", 0),
            "services": services,
        }

    def _pass_on(self, request: Request) -> None:
        """Send the request to the platform and its answer back, piece by piece."""
        if request.left > self._limit:
            raise Problem(413, f"more than {self._limit} bytes")
        try:
            upstream, token = inner.connect(self.instance.local_temp, "comindware", self._timeout)
        except (OSError, ValueError):
            raise Problem(503, "the platform does not run") from None
        with upstream:
            kind = request.headers.get("content-type", "application/octet-stream")
            head = (
                f"{request.method} {request.target} HTTP/1.1\r\nContent-Type: {kind}\r\n"
                f"Content-Length: {request.left}\r\n{inner.TOKEN}: {token}\r\n\r\n"
            )
            _feed(upstream, head.encode(), request)
            request.connection.sendall(_first(upstream))
            for piece in iter(lambda: upstream.recv(CHUNK), b""):
                request.connection.sendall(piece)


def _feed(upstream: socket.socket, head: bytes, request: Request) -> None:
    """A platform that does not want to hear the rest has answered already, or is dead: both are found by reading."""
    with contextlib.suppress(OSError):
        upstream.sendall(head)
    for piece in request.pieces():
        try:
            upstream.sendall(piece)
        except OSError:
            return


def _first(upstream: socket.socket) -> bytes:
    try:
        piece = upstream.recv(CHUNK)
    except OSError:
        piece = b""
    if not piece:
        raise Problem(502, "the platform broke off")
    return piece


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
