"""A scratch world for sites: an nginx of its own in a folder, on loopback, laid out as a family of Linux has it."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path
from typing import Literal

from smena.drivers import nginx_workers as workers
from smena.drivers.nginx import Nginx
from smena.drivers.nginx_pages import NginxPages, Site
from smena.host import http, process
from smena.host.native import attributes, processes
from smena.selftest.expect import until

Family = Literal["debian", "rpm", "alt"]

LAYOUTS: dict[Family, tuple[str, str, str]] = {
    "debian": ("sites-available", "sites-enabled", ""),
    "rpm": ("conf.d", "conf.d", ".conf"),
    "alt": ("sites-available.d", "sites-enabled.d", ".conf"),
}
"""Where a site's file lies, where nginx reads it, and how its name ends."""
PRODUCT = "the product"
_MAIN = """{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/tmp;
    proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp;
    scgi_temp_path {folder}/tmp;
    include {include};
}}
"""
_SITE = """# A site as a vendor ships it
server {{
    listen 127.0.0.1:{port};
{inner}
    location / {{ return 200 "{product}"; }}
}}
"""


class SiteWorld:
    """One nginx with one site. It runs from `start` to `end`."""

    def __init__(self, root: Path, family: Family) -> None:
        self.folder, home = root / "web", root / "home"
        available, enabled, ending = LAYOUTS[family]
        for name in ("tmp", available, enabled):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.enabled = self.folder / enabled
        self.ending = ending
        self.port = _free_port()
        self.file = self.folder / available / f"product{ending}"
        self.read_as = self.enabled / self.file.name
        self.site = Site(
            instance="self-test", name="product", file=str(self.folder / available / "product"), retry_after=77
        )
        main = self.folder / "nginx.conf"
        user = "user root;" if attributes.own(0).uid == 0 else ""
        main.write_text(_MAIN.format(user=user, folder=self.folder, include=f"{enabled}/*{ending}"), "utf-8")
        self.write()
        if self.read_as != self.file:
            self.read_as.symlink_to(f"../{available}/{self.file.name}")
        self._program = ("nginx", "-p", str(self.folder), "-c", str(main), "-e", str(self.folder / "error.log"))
        self.nginx = Nginx(home, self._program)
        self.pages = NginxPages(home, self.nginx)

    def write(self, inner: str = "", product: str = PRODUCT) -> None:
        self.file.write_text(_SITE.format(port=self.port, inner=inner, product=product), "utf-8")

    def start(self) -> None:
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
        process.checked(process.Command(self._program, process.environment(PATH=path)))
        until(lambda: self.ask().status)

    def ask(self) -> http.Answer:
        return http.ask(f"http://127.0.0.1:{self.port}/")

    def picture(self) -> dict[str, object]:
        """Every file and link of the configuration."""
        found: dict[str, object] = {}
        for path in sorted(self.folder.rglob("*")):
            if path.is_symlink():
                found[str(path)] = path.readlink()
            elif path.is_file() and path.suffix not in (".log", ".pid"):
                found[str(path)] = (path.read_bytes(), attributes.read(str(path)))
        return found

    def end(self) -> None:
        """Its own process, by the number in its own folder, if that still is it."""
        master = workers.master(self.folder / "nginx.pid")
        if master is not None:
            os.kill(master, signal.SIGTERM)
            until(lambda: not processes.runs(master))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
