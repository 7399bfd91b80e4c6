"""The built-in definition of Comindware Platform on a Windows host: Wine, the stand-in of IIS, a product in its pool.

The product converts its data when its pool gets the first request, as the true one does, and says so in its logs. Its
versions lie there already: the vendor's PowerShell scripts, which would install them, do not run under Wine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smena.host import http
from support import trees
from support.windows import comindware
from support.windows.iis.front import OUTSIDE, Front
from support.windows.iis.world import IisWorld

OLD, NEW = "4.2", "4.7.3"
ACCEPTED = ("adjust-applications", "new-structure", "outside-services", "workers-settings")
POOLS = [f"Comindware main{pool}" for pool in comindware.POOLS]


class Host:
    """One instance behind IIS, and smena's home on the same drive."""

    def __init__(self, root: Path, prefix: Path) -> None:
        self.prefix = prefix
        self.drive = prefix / "drive_c"
        self.home = self.drive / "ProgramData/smena"
        self.world = IisWorld(root, prefix, below_wine=True)
        self.fails = False
        self.front = Front(self.world.standin, self.product)
        old = comindware.version(self.drive, OLD, 16)
        comindware.version(self.drive, NEW, 16)
        self.folder = comindware.instance(self.drive, "main", old, port=self.front.port, size=20)
        comindware.site(self.world, "main", self.front.port)
        self.database = self.folder / "Database/db/records.txt"
        (self.folder / "Config/Workers.config").write_text("<workers/>", "utf-8")
        package = root / f"4.7-release-ru-{NEW}.windows.zip"
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("release/scripts/version_install.ps1", "")
        self.smena("instance", "add", "main", "--product", "comindware-platform")
        self.smena("release", "add", str(package), "--product", "comindware-platform")

    def product(self, pool: str, folder: Path) -> bytes:
        """A worker of the platform's own pool: it converts what is older than itself."""
        version = (folder / "bin/of.txt").read_text("utf-8")
        if pool == "Comindware main" and version == NEW and "converted" not in self.database.read_text("utf-8"):
            with self.database.open("a", encoding="utf-8") as file:
                file.write("converted\n")
            logs = self.folder / "Logs"
            word = "error: out of luck" if self.fails else "Upgrade of ontology completed successfully"
            (logs / "UpgradeOntology1.log").write_text(f"begun\n{word}\n", "utf-8")
            (logs / "upgrade20260101.log").write_text("begun\nUpgrade completed\n", "utf-8")
        return f"login page of {version}".encode()

    def smena(self, *words: str, status: int = 0) -> Any:
        environment = {**os.environ, "SMENA_WINE": str(self.prefix), "SMENA_HOME": str(self.home)}
        command = [sys.executable, "-m", "smena", *words, "--json"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == status, done.stdout + done.stderr
        return json.loads(done.stdout)

    def upgrade(self, status: int = 0) -> Any:
        accepted = [word for name in ACCEPTED for word in ("--accept", name)]
        return self.smena("upgrade", "main", "--to", NEW, "--yes", "--probation", "0", *accepted, status=status)

    def ask(self, address: str = OUTSIDE) -> tuple[int, str]:
        answer = http.ask(f"http://{address}:{self.front.port}/")
        return answer.status, answer.body

    def kept(self) -> dict[str, trees.Entry]:
        """Configuration and data; not the logs."""
        return {name: entry for name, entry in trees.content(self.folder).items() if not name.startswith("Logs")}

    def iis(self) -> list[str]:
        """What IIS has, with what is at its default spelled out."""
        return [self.world.appcmd("list", kind, "/config:*", "/xml") for kind in ("site", "apppool")]


@pytest.fixture
def host(tmp_path: Path, prefix: Path) -> Iterator[Host]:
    made = Host(tmp_path, prefix)
    yield made
    made.front.close()
    made.world.close()


def test_a_version_is_changed(host: Host, full: bool) -> None:
    before, of_iis = host.kept(), host.iis()
    assert host.ask() == (200, f"login page of {OLD}")
    host.upgrade()
    assert host.ask() == (200, f"login page of {NEW}")
    assert (host.folder / "Config/bin").readlink() == host.drive / comindware.VERSIONS / NEW / "bin"
    assert 'size="20"' in (host.folder / "Config/Ignite.config").read_text("utf-8"), "the administrator's value stays"
    assert f"version: {NEW}" in (host.drive / comindware.DATA / "configs/instance/main.yml").read_text("utf-8")
    assert not (host.folder / "Config/Workers.config").exists()
    assert "converted" in host.database.read_text("utf-8")
    assert host.iis() == of_iis
    if full:
        host.smena("rollback", "main", "--yes")
        assert host.ask() == (200, f"login page of {OLD}")
        assert (host.kept(), host.iis()) == (before, of_iis)


@pytest.mark.full
def test_a_conversion_that_fails_leaves_everything_as_it_was(host: Host) -> None:
    before, of_iis = host.kept(), host.iis()
    host.fails = True
    told = host.upgrade(status=1)
    assert (told["state"], "out of luck" in told["why"]) == ("undone", True)
    assert host.kept() == before
    assert host.iis() == of_iis
    assert host.ask() == (200, f"login page of {OLD}")
