"""What answers where the stand-in's sites listen: the kernel's part of IIS, and a worker for each pool that is asked.

It reads the configuration anew for every request. A site that listens on one address is found before one that
listens on all; a site whose pool is stopped answers 503; a place whose `web.config` cannot be read, or sets a header
twice, answers 500.19. Users come in by another address of this host than the probe.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from lxml import etree

from support.windows.iis.standin import Standin, headers, host_path, pool_of, sites

OUTSIDE = "127.0.0.2"
Product = Callable[[str, Path], bytes]
"""What a pool's worker does with a request: the pool and the folder of the place; what it answers."""


class Front:
    """One port of this host, with every site that listens there."""

    def __init__(self, standin: Standin, product: Product) -> None:
        front = self
        self.standin = standin
        self.product = product

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body, more = front.answer(self.connection.getsockname()[0], self.path)
                self.send_response(status)
                for name, value in more.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("0.0.0.0", 0), Handler)
        self.port = int(self._server.server_address[1])
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, address: str, path: str) -> tuple[int, bytes, dict[str, str]]:
        with self.standin.opened() as (root, state):
            site = self._site(root, state, address)
            if site is None:
                return 404, b"", {}
            place = self._place(site, path)
            sent = headers(root, place[0])
        if self.standin.visit(place[1]) is None:
            return 503, b"Service Unavailable", {}
        try:
            own = _headers_of(place[2] / "web.config")
        except etree.XMLSyntaxError:
            return 500, b"HTTP Error 500.19", {}
        if {name.lower() for name in own} & {name.lower() for name in sent}:
            return 500, b"HTTP Error 500.19", {}
        return 200, self.product(place[1], place[2]), {**sent, **own}

    def _site(self, root: Any, state: dict[str, Any], address: str) -> Any:
        for wanted in (address, "*"):
            for site in sites(root):
                bound = {tuple(b.get("bindingInformation").split(":")[:2]) for b in site.iter("binding")}
                if state["sites"].get(site.get("name")) == "Started" and (wanted, str(self.port)) in bound:
                    return site
        return None

    def _place(self, site: Any, path: str) -> tuple[str, str, Path]:
        """The deepest directory that the path lies in: its name, its pool, its folder."""
        best: tuple[int, str, str, str] = (-1, "", "", "")
        for app in site.iterchildren("application"):
            for vdir in app.iterchildren("virtualDirectory"):
                name = app.get("path").rstrip("/") + vdir.get("path")
                if f"{path.rstrip('/')}/".startswith(f"{name.rstrip('/')}/") and len(name) > best[0]:
                    best = (len(name), name, pool_of(app), vdir.get("physicalPath"))
        return f"{site.get('name')}{best[1]}", best[2], host_path(self.standin.folder.parents[2], best[3])


def _headers_of(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    adds = etree.fromstring(file.read_bytes()).iterfind("system.webServer/httpProtocol/customHeaders/add")
    return {add.get("name", ""): add.get("value", "") for add in adds}
