"""Scratch worlds for services: a driver, a way to spell a service out for it, and a way to hold an instance.

Names are of this process alone, and what a world makes goes with it; what a killed one left is
taken away by the next (`sweep`).
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

from smena.drivers.ports import Service, Services
from smena.drivers.supervised import Supervised
from smena.drivers.systemd import Systemd
from smena.drivers.systemd_hold import SystemdHolds
from smena.drivers.systemd_units import SYSTEM, systemctl
from smena.errors import SmenaError
from smena.host import files
from smena.host.native import attributes, processes

PREFIX = "smena-selftest-"
PROGRAM = """
import os, signal, subprocess, sys, time
behaviour = os.environ.get("BEHAVIOUR", "")
asked = getattr(signal, "SIGBREAK", signal.SIGTERM)
if behaviour == "stubborn":
    signal.signal(asked, signal.SIG_IGN)
if behaviour == "slow":
    signal.signal(asked, lambda *_: (time.sleep(0.4), os._exit(0)))
child = None
if behaviour == "parent":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print("up", os.getpid(), child.pid if child else 0, os.environ.get("GREETING", ""), os.getcwd(), flush=True)
if behaviour == "short":
    sys.exit("gone at once")
time.sleep(600)
"""


class ServiceWorld:
    """One driver. `end` stops all that was made here, and takes it away."""

    def __init__(self, services: Services, root: Path, hold: Callable[[str], None]) -> None:
        self.services = services
        self.root = root
        self.instance = f"{PREFIX}{os.getpid()}-{secrets.token_hex(3)}"
        self._hold = hold
        self.made: list[Service] = []

    def service(self, behaviour: str = "", *, stop_within: float = 5.0, **environment: str) -> Service:
        service = Service(
            instance=self.instance,
            name=f"{self.instance}-{len(self.made)}",
            command=(sys.executable, "-S", "-c", PROGRAM),
            directory=str(self.root),
            environment={"BEHAVIOUR": behaviour, **environment},
            stop_within=stop_within,
        )
        self.made.append(service)
        self.define(service)
        return service

    def changed(self, service: Service) -> Service:
        """The same service with another command."""
        other = msgspec.structs.replace(service, command=("/bin/other",))
        self.define(other)
        return other

    def hold(self) -> None:
        """From here on the instance is held."""
        self._hold(self.instance)

    def define(self, service: Service) -> None:
        """Whatever the driver needs to know it."""

    def end(self) -> None:
        """All of it, whatever becomes of one; the first trouble is told when the rest is done."""
        troubles = [error for service in self.made if (error := self._ended(service)) is not None]
        self.forget()
        if troubles:
            raise troubles[0]

    def forget(self) -> None:
        """What `define` and `hold` made."""

    def _ended(self, service: Service) -> SmenaError | None:
        try:
            self.services.stop(service, kill=True)
        except SmenaError as error:
            return error
        return None


def supervised(root: Path) -> ServiceWorld:
    """Our own detached processes."""
    home = root / "home"
    files.make_folder(home, attributes.own(0o700))

    def hold(instance: str) -> None:
        files.make_folder(home / "hold", attributes.own(0o700))
        files.write_file(home / "hold" / instance, b"")

    return ServiceWorld(Supervised(home), root, hold)


class SystemdWorld(ServiceWorld):
    """Units as a vendor writes them; what the driver is told besides the name must not matter."""

    def __init__(self, root: Path) -> None:
        home = root / "home"
        files.make_folder(home, attributes.own(0o700))
        self._holds = SystemdHolds(home)
        super().__init__(Systemd(home), root, self._hold_all)

    def define(self, service: Service) -> None:
        settings = [f'Environment="{name}={value}"' for name, value in service.environment.items()]
        command = " ".join(f'"{_escaped(word)}"' for word in service.command)
        folder = f"WorkingDirectory={service.directory}"
        lines = ["[Service]", *settings, f"ExecStart={command}", folder, "TimeoutStopSec=infinity", ""]
        files.write_file(SYSTEM / f"{service.name}.service", "\n".join(lines).encode(), attributes.own(0o644))
        systemctl("daemon-reload")

    def forget(self) -> None:
        names = [service.name for service in self.made]
        self._holds.release(self.instance, names)
        self._holds.tidy(self.instance, names)
        for name in names:
            files.remove_file(SYSTEM / f"{name}.service")
        systemctl("daemon-reload")

    def _hold_all(self, instance: str) -> None:
        self._holds.hold(instance, [service.name for service in self.made])


def sweep() -> None:
    """Take away the units of a self-test that was killed."""
    left = [path for path in SYSTEM.glob(f"{PREFIX}*.service") if not _lives(path.name)]
    for path in left:
        systemctl("kill", "--signal=SIGKILL", "--", path.name, good=(0, 1))
        for drop_in in (SYSTEM / f"{path.name}.d").glob("*"):
            files.remove_file(drop_in)
        if (SYSTEM / f"{path.name}.d").is_dir():
            (SYSTEM / f"{path.name}.d").rmdir()
        files.remove_file(path)
    if left:
        systemctl("daemon-reload")


def _lives(name: str) -> bool:
    pid = name.removeprefix(PREFIX).partition("-")[0]
    return pid.isdigit() and processes.runs(int(pid))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("\n", "\\n")
