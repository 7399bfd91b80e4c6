"""A real nginx of its own in a folder, on loopback, laid out as one family of distributions has it.

Behind it answers a little server whose words can be changed; before it `Client` asks without a pause and
remembers every answer.
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import ssl
import subprocess
import threading
import time
from collections import Counter
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal, NamedTuple, Self

from smena.drivers.nginx import Nginx
from smena.drivers.nginx_pages import NginxPages, Site
from smena.host.native import processes
from support.need import need
from support.standin_host import free_port

Family = Literal["debian", "rpm", "alt"]

_MAIN = """{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/tmp;
    proxy_temp_path {folder}/tmp;
    fastcgi_temp_path {folder}/tmp;
    uwsgi_temp_path {folder}/tmp;
    scgi_temp_path {folder}/tmp;
    {more}
    include {include};
}}
"""

SITE = """# Site of {name}: as a vendor ships it
upstream up_{name} {{ server 127.0.0.1:{behind}; }}
server {{
    listen {listen};
    server_name {names};
    client_max_body_size 0;
{inner}
    location / {{
        proxy_pass http://up_{name};
        proxy_set_header Host $host;   # as asked
    }}
    location ~ "^/a{{2}};" {{ return 204; }}
}}
"""


def need_nginx() -> None:
    need(shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "nginx (apt-get install nginx-light)")


class Behind:
    """The product's own server: it answers with `words`."""

    def __init__(self, words: str = "old") -> None:
        self.words = words
        self.takes = 0.0
        """Seconds for each answer."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = outer.words.encode()
                time.sleep(outer.takes)
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Placed(NamedTuple):
    """A site of this nginx."""

    site: Site
    file: Path
    read_as: Path
    port: int


class NginxHost:
    """One nginx and the home of a smena that uses it."""

    def __init__(self, folder: Path, family: Family = "debian", *, more: str = "") -> None:
        self.folder, self.home, self.family = folder / "web", folder / "home", family
        self.available, self.enabled, self.suffix = {
            "debian": ("sites-available", "sites-enabled", ""),
            "rpm": ("conf.d", "conf.d", ".conf"),
            "alt": ("sites-available.d", "sites-enabled.d", ".conf"),
        }[family]
        for name in ("tmp", self.available, self.enabled):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        user = "user root;" if os.geteuid() == 0 else ""
        include = f"{self.enabled}/*{self.suffix}"
        self.main = self.folder / "nginx.conf"
        self.main.write_text(_MAIN.format(user=user, folder=self.folder, include=include, more=more), "utf-8")
        self.program = (
            *("nginx", "-p", str(self.folder), "-c", str(self.main)),
            *("-e", str(self.folder / "error.log")),
        )
        self.nginx = Nginx(self.home, self.program)
        self.pages = NginxPages(self.home, self.nginx)

    def add(self, name: str, behind: int, *, inner: str = "", listen: str = "", names: str = "_") -> Placed:
        port = free_port()
        file = self.folder / self.available / f"comindware{name}{self.suffix}"
        shown = listen.format(port=port) or f"127.0.0.1:{port}"
        file.write_text(SITE.format(name=name, behind=behind, listen=shown, names=names, inner=inner), "utf-8")
        read_as = self.folder / self.enabled / file.name
        if read_as != file:
            read_as.symlink_to(f"../{self.available}/{file.name}")
        named = str(self.folder / self.available / f"comindware{name}")  # as definitions name it, without the suffix
        return Placed(Site(instance=name, name=f"comindware{name}", file=named, retry_after=77), file, read_as, port)

    def start(self) -> Self:
        subprocess.run(self.program, check=True, env=self.environment)
        return self

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"] + ":/usr/sbin", "SMENA_NGINX": " ".join(self.program)}

    def picture(self) -> dict[str, object]:
        """Every file and link of the configuration, with content, owner and mode; without restore points."""
        found: dict[str, object] = {}
        for path in sorted(self.folder.rglob("*")):
            if ".smena" in path.parts:
                continue
            if path.is_symlink():
                found[str(path)] = path.readlink()
            elif path.is_file() and path.suffix not in (".log", ".pid"):
                info = path.stat()
                found[str(path)] = (path.read_bytes(), info.st_mode, info.st_uid, info.st_gid)
        return found

    def close(self) -> None:
        """Ended by its own process number; waited for, so that nothing outlives a test."""
        pid_file = self.folder / "nginx.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text())
        if b"nginx: master" in Path(f"/proc/{pid}/cmdline").read_bytes():  # still ours
            os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + 10
        while processes.runs(pid) and time.monotonic() < end:  # not until it is collected: that is not its doing
            time.sleep(0.02)


def certificate(folder: Path) -> None:
    """`crt.pem` and `key.pem`, signed by itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-keyout", folder / "key.pem", "-out", folder / "crt.pem"],
        check=True, capture_output=True,
    )  # fmt: skip


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str


def ask(port: int, path: str = "/", *, secure: bool = False, method: str = "GET") -> Answer:
    connection: http.client.HTTPConnection
    if secure:
        context = ssl._create_unverified_context()
        connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, headers, response.read().decode())
    finally:
        connection.close()


class Client:
    """Asks without a pause; an answer that is neither page nor product is remembered word by word."""

    def __init__(self, port: int, path: str = "/") -> None:
        self.path = path
        self.seen: Counter[str] = Counter()
        self.order: list[str] = []
        self._port = port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._ask_on, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(20)

    def _ask_on(self) -> None:
        while not self._over.is_set():
            self._note(self._once())

    def _once(self) -> str:
        try:
            answer = ask(self._port, self.path)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            with suppress(OSError):  # closed before it was asked anything, as a reload may do: browsers ask again
                answer = ask(self._port, self.path)
                return self._told(answer)
            return "gone"
        except OSError as error:
            return f"error {error}"
        return self._told(answer)

    def _told(self, answer: Answer) -> str:
        if answer.status == 503 and "retry-after" in answer.headers and "Идёт обновление" in answer.body:
            return "page"
        return f"{answer.status} {answer.body[:300]}"

    def _note(self, what: str) -> None:
        self.seen[what] += 1
        if not self.order or self.order[-1] != what:
            self.order.append(what)
