"""The ways of running services that the contract suite holds for. A new driver adds one line to `WORLDS`.

systemd is asked only where it may be played with: tests/linux runs this suite inside a throwaway host, with
`SMENA_TEST_SERVICES=systemd`.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from smena.drivers.ports import Service, Services
from smena.drivers.supervised import Supervised
from smena.drivers.systemd import Systemd
from smena.drivers.systemd_hold import SystemdHolds
from smena.drivers.systemd_units import SYSTEM, systemctl

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

    def __init__(
        self,
        services: Services,
        root: Path,
        hold: Callable[[str], None],
        define: Callable[[Service], None] = lambda service: None,
    ) -> None:
        self.services = services
        self.root = root
        self.hold = hold
        self.define = define
        self._name = f"smena-test-{secrets.token_hex(4)}"
        self._made: list[Service] = []

    def service(self, behaviour: str = "", *, stop_within: float = 5.0, **environment: str) -> Service:
        service = Service(
            instance="N",
            name=f"{self._name}-{len(self._made)}",
            command=(sys.executable, "-S", "-c", PROGRAM),
            directory=str(self.root),
            environment={"BEHAVIOUR": behaviour, **environment},
            stop_within=stop_within,
        )
        self._made.append(service)
        self.define(service)
        return service

    def changed(self, service: Service) -> Service:
        """The same service with another command."""
        other = msgspec.structs.replace(service, command=("/bin/other",))
        self.define(other)
        return other

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


def systemd(root: Path) -> World:
    """Units as a vendor writes them; what the driver is told besides the name must not matter."""
    home = root / "home"
    home.mkdir()
    names: list[str] = []

    def define(service: Service) -> None:
        settings = [f'Environment="{name}={value}"' for name, value in service.environment.items()]
        command = " ".join(f'"{_escaped(word)}"' for word in service.command)
        lines = ["[Service]", *settings, f"ExecStart={command}", f"WorkingDirectory={root}", "TimeoutStopSec=infinity"]
        (SYSTEM / f"{service.name}.service").write_text("\n".join([*lines, ""]), "utf-8")
        systemctl("daemon-reload")
        names.append(service.name)

    return World(Systemd(home), root, lambda instance: SystemdHolds(home).hold(instance, names), define)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")


WORLDS = {"supervised": supervised} if os.environ.get("SMENA_TEST_SERVICES") != "systemd" else {"systemd": systemd}


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    made = WORLDS[request.param](tmp_path)
    yield made
    made.end()
