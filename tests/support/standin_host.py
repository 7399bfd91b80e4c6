"""A host in a folder with one instance of the stand-in, whose services really run.

What a test does to it is what the vendor's manual lets a person do by hand; smena itself
takes no part here.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from smena.demo.standin import client, install
from smena.demo.standin.client import Health

CACHE_PATTERNS = (  # as the manual names them
    "cacheGroup-*-TableIdentity",
    "cacheGroup-*-TableIdentityReplicated",
    "cacheGroup-*Value",
    "cacheGroup-*ValueReplicated",
    "cache-ignite-sys-cache",
    "cp",
    "metastorage",
    "cacheGroup-Keys",
)


def free_port() -> int:
    """A port that nobody has, from below those that the system gives away by itself."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class StandinHost:
    """One instance, its services as child processes."""

    def __init__(self, root: Path, version: str, name: str = "main") -> None:
        self.root, self.name, self.port = root, name, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.at = install.create(root, name, version, self.port)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, *services: str) -> None:
        """Start services, all of them when none is named."""
        environment = {**os.environ, **install.service_environment(self.root, self.name)}
        for service, command in install.service_commands(self.root, self.name).items():
            if not services or service in services:
                with self.said(service).open("ab") as said:
                    self.running[service] = subprocess.Popen(command, env=environment, stderr=said)

    def up(self, status: str = "ok", limit: float = 30.0) -> Health:
        """Start everything and wait for that status."""
        self.start()
        return client.wait(self.url, status, limit=limit)

    def stop(self) -> dict[str, int]:
        """Stop everything cleanly; the exit status of each."""
        for process in self.running.values():
            process.terminate()
        return self._ended()

    def kill(self, *services: str) -> None:
        """Kill -9, all of them when none is named."""
        for service in services or tuple(self.running):
            self.running[service].kill()
            self.running.pop(service).wait()

    def ends(self, service: str = "comindware", limit: float = 30.0) -> int:
        """Wait for a service to end by itself; its exit status."""
        return self.running.pop(service).wait(limit)

    def switch(self, version: str) -> None:
        install.switch(self.root, self.name, version)

    def faults(self, **wishes: object) -> None:
        """Ask for failures; `no_start=True` is the fault `no-start`."""
        named = {key.replace("_", "-"): value for key, value in wishes.items()}
        (self.at.config / "standin-faults.json").write_text(json.dumps(named), "utf-8")

    def delete_caches(self) -> list[str]:
        """What the manual has a person delete on the way to 5.0."""
        node = self.at.database / "db/node1"
        names = sorted({path.name for pattern in CACHE_PATTERNS for path in node.glob(pattern)})
        for name in names:
            shutil.rmtree(node / name)
        return names

    def log(self, pattern: str = "comindware_*.log") -> str:
        """The text of the one log of that name, empty if there is none yet."""
        found = sorted(self.at.logs.glob(pattern))
        assert len(found) <= 1
        return found[0].read_text("utf-8") if found else ""

    def wait_for_log(self, words: str, pattern: str = "comindware_*.log", limit: float = 30.0) -> None:
        end = time.monotonic() + limit
        while words not in self.log(pattern):
            assert time.monotonic() < end, f"{words!r} never came in {pattern}: {self.log(pattern)}"
            time.sleep(0.01)

    def said(self, service: str) -> Path:
        return self.root / f"{service}.stderr"

    def record_files(self) -> Iterator[Path]:
        for part in ("snapshots", "wal"):
            yield from sorted((self.at.database / part).iterdir())

    def _ended(self) -> dict[str, int]:
        return {service: self.ends(service) for service in tuple(self.running)}

    def close(self) -> None:
        """Whatever still runs dies with the test."""
        self.kill()
