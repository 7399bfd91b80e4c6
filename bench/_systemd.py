"""`downtime.py --systemd`: the bare restart and the upgrade on a throwaway host with systemd and nginx."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path

from _build import NEW, OLD, SIZES, next_build, with_next_build
from _visitor import Visitor
from support.systemd_host import SystemdHost
from support.systemd_standin import GATEWAY, NAME, PORT, PRODUCT, Standin, definition

_BULK = """
import sys
from pathlib import Path
from smena.demo.standin import client, install
client.bulk(install.layout("", sys.argv[1]).streams, int(sys.argv[2]), int(sys.argv[3]))
"""


class There(Visitor):
    """Comes in by nginx, in the host's own network."""

    def __init__(self, host: SystemdHost) -> None:
        super().__init__(f"http://127.0.0.1:{PORT}")
        self._host = host

    def measured(self, act: Callable[[], None]) -> float:
        with self._host.network():  # the thread that visits is born into it
            return super().measured(act)


class Bench:
    """One instance with so much data."""

    def __init__(self, host: SystemdHost, package: Path, size: int, files: int) -> None:
        self.host = host
        text = with_next_build(definition(site=True))
        self.standin = Standin(host, OLD, releases=(), gateway=GATEWAY, text=text)
        host.python(_BULK, NAME, str(size), str(files), limit=600)
        self.standin.smena("release", "add", str(package), "--product", PRODUCT)
        self.standin.add()

    def restart(self) -> None:
        """(a)"""
        self.host.do("systemctl", "stop", *reversed(self.standin.units))
        self.host.do("systemctl", "start", *self.standin.units)
        self.standin.wait()

    def smena(self) -> None:
        """(b)"""
        self.standin.smena("upgrade", NAME, "--to", NEW, "--yes", "--probation", "0")

    def back(self) -> None:
        self.standin.smena("rollback", NAME, "--yes")


def measured(size: int, files: int, rounds: int) -> dict[str, float]:
    """The median of each way, in milliseconds, measured in turn."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        package = next_build(Path(folder))
        host = SystemdHost(nginx=True)
        try:
            host.boot()
            bench = Bench(host, package, size, files)
            ways: dict[str, Callable[[], None]] = {"a": bench.restart, "b": bench.smena}
            times: dict[str, list[float]] = {name: [] for name in ways}
            for _round in range(rounds):
                for name, way in ways.items():
                    times[name].append(There(host).measured(way))
                bench.back()
        finally:
            host.close()
    return {name: statistics.median(found) for name, found in times.items()}


def main(rounds: int) -> None:
    found = {size: measured(*SIZES[size], rounds) for size in SIZES}
    print(f"{'on systemd behind nginx, median of ' + str(rounds):<40}" + "".join(f"{size:>12}" for size in SIZES))
    for way, words in {"a": "bare systemctl stop and start", "b": "smena upgrade"}.items():
        print(f"{way} {words:<38}" + "".join(f"{found[size][way]:>9.0f} ms" for size in SIZES))
    print(f"{'b - a':<40}" + "".join(f"{found[size]['b'] - found[size]['a']:>9.0f} ms" for size in SIZES))
    print("wanted: b - a at most 400 ms")
