"""The ways of running services that the contract suite holds for. A new driver adds one line to `WORLDS`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smena.drivers.ports import Service, Services
from smena.drivers.supervised import Supervised

PROGRAM = """
import os, signal, subprocess, sys, time
behaviour = os.environ.get("BEHAVIOUR", "")
if behaviour == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if behaviour == "slow":
    signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.4), os._exit(0)))
child = None
if behaviour == "parent":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", os.getpid(), child.pid if child else 0, os.environ.get("GREETING", ""), os.getcwd(), flush=True)
if behaviour == "short":
    sys.exit("gone at once")
time.sleep(600)
"""


class World:
    """A driver, a way to spell a service out for it, and a way to hold an instance."""

    def __init__(self, services: Services, root: Path, hold: Callable[[str], None]) -> None:
        self.services = services
        self.root = root
        self.hold = hold
        self._made: list[Service] = []

    def service(self, behaviour: str = "", *, stop_within: float = 5.0, **environment: str) -> Service:
        service = Service(
            instance="N",
            name=f"svc{len(self._made)}",
            command=(sys.executable, "-S", "-c", PROGRAM),
            directory=str(self.root),
            environment={"BEHAVIOUR": behaviour, **environment},
            stop_within=stop_within,
        )
        self._made.append(service)
        return service

    def end(self) -> None:
        for service in self._made:
            self.services.stop(service, kill=True)


def supervised(root: Path) -> World:
    home = root / "home"
    home.mkdir()

    def hold(instance: str) -> None:
        (home / "hold").mkdir(exist_ok=True)
        (home / "hold" / instance).touch()

    return World(Supervised(home), root, hold)


WORLDS = {"supervised": supervised}


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    made = WORLDS[request.param](tmp_path)
    yield made
    made.end()
