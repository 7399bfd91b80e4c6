"""A Windows host with a stand-in Loginom 6.5 that runs and has data, and a smena that has the releases at hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

from smena.drivers import registry
from smena.drivers.registry_file import Keys
from smena.drivers.windows_service import SERVICES
from smena.host import drives
from support import loginom_packages, trees, wine
from support.standin_host import free_port

NAME = "loginom"
ACCEPT = ("new-licence-keys", "old-version-removed", "settings-not-copied", "licence-not-measured")
OLD_DATA = "drive_c/ProgramData/BaseGroup/Loginom 6/Server"
NEW_DATA = "drive_c/ProgramData/Loginom/Server"
OLD_PLACES = ("drive_c/Program Files/BaseGroup", "drive_c/ProgramData/BaseGroup", "drive_c/ProgramData/Guardant")
NEW_PLACES = ("drive_c/Program Files/Loginom", "drive_c/ProgramData/Loginom")
FAILURES = (
    "hold.noted@2",
    "hold.switched-off@4",
    "install-package.recorded",
    "install-package.installed",
    "ahead.noted",
    "ahead.proven",
    "carry-over.free",
    "carry-over.written",
    "windows-service.starting@3",
    "windows-service.started@4",
)
"""Instants inside each step that changes the host."""
QUIET = ("/qn", "/norestart", "ALLUSERS=1", "REBOOT=ReallySuppress")


class Said(NamedTuple):
    """A command line of smena that has ended."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        return json.loads(self.out)


class LoginomHost:
    """One host. `prefix` is switched on."""

    features: tuple[str, ...] = ()

    def __init__(self, prefix: Path, home: Path, packages: Path) -> None:
        self.prefix, self.home, self.packages = prefix, home, packages
        self.web_port, self.server_port = free_port(), free_port()
        self.defined = list[Keys]()
        """The services as they were when smena came to know of them."""

    # -- making it ------------------------------------------------------------------

    def install(self, version: str, *, keeps: bool = False) -> None:
        """As an administrator did it long ago, with settings and data of their own."""
        package = loginom_packages.server(version, self.packages, keeps=keeps)
        self.msiexec("/i", package, f"WEBSRV_PORT={self.web_port}", *self.features)
        data = self.prefix / (OLD_DATA if version.startswith("6.") else NEW_DATA)
        (data / "UserStorage/Иван").mkdir(parents=True)
        (data / "UserStorage/users.txt").write_text("Иван, Мария\n", "utf-8")
        (data / "UserStorage/Иван/package.lgp").write_bytes(bytes(range(256)) * 64)
        (data / "Users.cfg").write_text("<Users/>\r\n", "utf-8")
        (data / "GnClient.ini").write_text("[SERVER]\r\nIP_NAME=10.0.0.7\r\n", "utf-8")
        settings = data / "Settings.cfg"
        settings.write_bytes(settings.read_bytes().replace(b'Port="4580"', f'Port="{self.server_port}"'.encode(), 1))
        licence = self.prefix / "drive_c/ProgramData/Guardant/licence.txt"
        licence.parent.mkdir(parents=True)
        licence.write_text("6 7\n", "ascii")
        for name in ("loginom", "httpd_loginom"):
            wine.wine(self.prefix, "sc", "start", name)

    def move_user_storage(self) -> None:
        """To another drive, long ago: 6 was told of it and has run there since."""
        for name in ("httpd_loginom", "loginom"):
            wine.wine(self.prefix, "sc", "stop", name)
        data, other = self.prefix / OLD_DATA, self.prefix / "d"
        (self.prefix / "dosdevices/d:").unlink(missing_ok=True)
        (self.prefix / "dosdevices/d:").symlink_to("../d")
        drives.forget()
        (other / "Loginom").mkdir(parents=True)
        (data / "UserStorage").rename(other / "Loginom/Users")
        settings = data / "Settings.cfg"
        settings.write_bytes(settings.read_bytes().replace(b'UserStorage=""', b'UserStorage="D:\\Loginom\\Users"'))
        for name in ("loginom", "httpd_loginom"):
            wine.wine(self.prefix, "sc", "start", name)

    def define(self, *releases: Path, covers: tuple[str, ...] = ("6", "7"), settings: tuple[str, ...] = ()) -> None:
        self.know(*releases, settings=settings)
        self.called("key", "add", "usb", "--kind", "guardant", "--product", "loginom-server")
        letter = self.packages / "letter.txt"
        letter.write_text(f"The key covers {', '.join(covers)}.", "ascii")
        self.called("key", "letter", str(letter), *(word for major in covers for word in ("--covers", major)))

    def know(self, *releases: Path, settings: tuple[str, ...] = ()) -> None:
        """The packages are at hand, and the instance is registered."""
        for release in releases:
            self.called("release", "add", str(release), "--product", "loginom-server")
        self.called(
            "instance", "add", NAME, "--product", "loginom-server", "--edition", "enterprise",
            *(word for one in (f"web-port={self.web_port}", *settings) for word in ("--set", one)),
        )  # fmt: skip
        self.defined = self.services()

    def msiexec(self, action: str, package: Path, *more: str) -> None:
        wine.wine(self.prefix, "msiexec", action, drives.for_program(str(package)), *QUIET, *more)

    # -- smena ----------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        ours = {"SMENA_HOME": str(self.home), drives.VARIABLE: str(self.prefix), "LANG": "C.UTF-8"}
        return {**os.environ, **ours}

    def smena(self, *words: str, faults: str = "", seconds: float = 300.0) -> Said:
        environment = self.environment | ({"SMENA_FAULT": faults} if faults else {})
        command = [sys.executable, "-m", "smena", *words]
        done = subprocess.run(command, env=environment, capture_output=True, timeout=seconds, check=False)
        return Said(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def called(self, *words: str) -> Said:
        done = self.smena(*words)
        assert done.status == 0, done.out + done.err
        return done

    # -- looking at it -----------------------------------------------------------------

    def web(self) -> str:
        return _asked(f"http://127.0.0.1:{self.web_port}/app/")

    def server(self) -> str:
        return _asked(f"http://127.0.0.1:{self.server_port}/")

    def services(self) -> list[Keys]:
        """Everything by which Windows knows them."""
        return [registry.below(SERVICES + name) for name in ("loginom", "httpd_loginom")]

    def log_on(self, service: str, account: str, password: str) -> None:
        """As an administrator says who a service is."""
        wine.wine(self.prefix, "sc", "config", service, "obj=", account, "password=", password)

    def marks(self) -> list[str]:
        """Folders of the host that are marked as a home's; what runs keep does not count."""
        roots = [self.prefix / "drive_c" / name for name in ("Program Files", "ProgramData")]
        found = (path for root in roots for path in root.rglob(".smena-home.*"))
        told = (path.relative_to(self.prefix / "drive_c") for path in found)
        return sorted(path.as_posix().replace(".smena-home.", "") for path in told if ".smena" not in path.parts)

    def snapshot(self, places: tuple[str, ...] = OLD_PLACES) -> dict[str, dict[str, trees.Entry]]:
        """Everything of version 6, or what lies in these places; what a start writes is left out."""
        return {place: _settled(self.prefix / place) for place in places}


def _settled(root: Path) -> dict[str, trees.Entry]:
    found = trees.content(root) if root.exists() else {}
    return {name: entry for name, entry in found.items() if ".smena" not in name and not name.endswith("started.txt")}


def _asked(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        content: bytes = answer.read()
    return content.decode("utf-8")
