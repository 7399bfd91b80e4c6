"""Puts versions and instances of the stand-in on a host, where the vendor's installer would.

Every path lies below `root`: an empty one means the host itself. Nothing is started
here. `switch` is the vendor's own way to change a version: it throws the administrator's
configuration away, which is what smena is there to do better.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from smena.demo.standin import packages
from smena.demo.standin.program.standin_product.instance import LINKS
from smena.demo.standin.releases import Release, release
from smena.errors import InstanceExists
from smena.text import _

CONFIG_FILES = ("adapterhost.yml", "apigateway.yml", "Ignite.config", "logs.config", "Workers.config")
FOLDER_KEYS = (
    "db.workDir",
    "userStorage.localDisk.path",
    "tempStorage.localDisk.path",
    "tempWorkingDir",
    "backup.defaultFolder",
)
PYTHON_FLAGS = ("-E", "-s", "-S", "-B")
"""A quick start, and no compiled files left in a version's folder."""


class Layout(msgspec.Struct, frozen=True):
    """Where everything of an instance lies."""

    root: Path
    name: str

    @property
    def versions(self) -> Path:
        return self.root / "var/www/.cmw_version"

    @property
    def config(self) -> Path:
        return self.root / "var/www" / self.name

    @property
    def instance_file(self) -> Path:
        return self.root / "usr/share/comindware/configs/instance" / f"{self.name}.yml"

    @property
    def data(self) -> Path:
        return self.root / "var/lib/comindware" / self.name

    @property
    def database(self) -> Path:
        return self.data / "Database"

    @property
    def streams(self) -> Path:
        return self.data / "Streams"

    @property
    def logs(self) -> Path:
        return self.root / "var/log/comindware" / self.name / "Logs"

    @property
    def environment_file(self) -> Path:
        return self.root / "etc/sysconfig" / f"comindware{self.name}-env"


def layout(root: Path | str, name: str) -> Layout:
    return Layout(Path(root or "/").absolute(), name)


def add_version(root: Path | str, version: str, *, padding: int = 0) -> Path:
    """Put a version beside the others; one that is there already is left alone."""
    found = release(version)
    folder = layout(root, "").versions / found.version
    if folder.exists():
        return folder
    for name, content, mode in packages.members(found, padding):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
    return folder


def create(
    root: Path | str,
    name: str,
    version: str,
    port: int,
    *,
    gateway_port: int = 0,
    settings: Mapping[str, str] | None = None,
) -> Layout:
    """Make an instance. `gateway_port` is for hosts where nginx serves `port`; `settings` go into the instance's file.

    Own paths are given as settings too (`db.workDir`); their folders are made.
    """
    found, where = release(version), layout(root, name)
    if where.config.exists() or where.instance_file.exists():
        raise InstanceExists(
            _("cannot create the instance {name}: there is one of this name", name=name),
            why=[_("{path} exists", path=where.config if where.config.exists() else where.instance_file)],
        )
    _write(where.instance_file, _filled(found, "instance.yml", where, {"port": str(port), **(settings or {})}))
    _write(where.environment_file, _filled(found, "comindware-env", where, {}))
    for folder in (*_data_folders(where), where.logs):
        folder.mkdir(parents=True, exist_ok=True)
    where.config.mkdir(parents=True)
    _configure(where, found, gateway_port)
    return where


def switch(root: Path | str, name: str, version: str) -> None:
    """Change the version as the vendor's utility does: old links and files away, new ones there, with defaults."""
    found, where = release(version), layout(root, name)
    gateway = re.search(r"^  port: (\d+)$", (where.config / "apigateway.yml").read_text("utf-8"), re.MULTILINE)
    for file in (*LINKS, *CONFIG_FILES):
        (where.config / file).unlink(missing_ok=True)
    _configure(where, found, int(gateway[1]) if gateway else 0)
    text = where.instance_file.read_text("utf-8")
    where.instance_file.write_text(_set(text, "version", found.version), "utf-8")


def service_commands(root: Path | str, name: str) -> dict[str, list[str]]:
    """The command line of each service; run them with `service_environment`."""
    where = layout(root, name)
    python = service_environment(root, name)["STANDIN_PYTHON"]
    return {
        service: [python, *PYTHON_FLAGS, str(where.config / "bin" / f"{service}.py"), str(where.instance_file)]
        for service in packages.SERVICES
    }


def service_environment(root: Path | str, name: str) -> dict[str, str]:
    """What the environment file gives the services, and which interpreter runs them."""
    found = {"STANDIN_PYTHON": os.environ.get("STANDIN_PYTHON", sys.executable)}
    for line in layout(root, name).environment_file.read_text("utf-8").splitlines():
        key, equals, value = line.strip().partition("=")
        if equals and not key.startswith("#"):
            found[key] = value[1:-1] if value[:1] in ("'", '"') and value[-1:] == value[:1] else value
    return found


def _configure(where: Layout, found: Release, gateway_port: int) -> None:
    """Links into the version, and its default files with what the installer writes into them."""
    version = add_version(where.root, found.version)
    for link in LINKS:
        (where.config / link).symlink_to(version / link)
    for file in CONFIG_FILES:
        if file in found.requires:
            text = packages.default(found.version, file).decode()
            text = text.replace('value="/var/log/comindware/Logs"', f'value="{where.logs}"')
            if gateway_port and file == "apigateway.yml":
                text = text.replace("  port: 0\n", f"  port: {gateway_port}\n")
            _write(where.config / file, text)


def _filled(found: Release, template: str, where: Layout, settings: Mapping[str, str]) -> str:
    """A template with the instance's values; a setting replaces the line of its key, or is added."""
    text = packages.default(found.version, template).decode()
    values = {
        "name": where.name,
        "version": found.version,
        "fqdn": "localhost",
        "database": str(where.database),
        "streams": str(where.streams),
        "temp": str(where.data / "Temp"),
        "local-temp": str(where.data / "LocalTemp"),
        "backup": str(where.data / "Backup"),
    }
    for key, value in settings.items():
        text = _set(text, key, value)
    for key, value in values.items():
        text = text.replace("${" + key + "}", value)
    return text


def _set(text: str, key: str, value: str) -> str:
    lines = text.splitlines()
    places = [place for place, line in enumerate(lines) if line.startswith(f"{key}: ")] or [len(lines)]
    lines[places[0] : places[0] + 1] = [f"{key}: {value}"]
    return "\n".join(lines) + "\n"


def _data_folders(where: Layout) -> list[Path]:
    """The folders that the instance's file names."""
    text = where.instance_file.read_text("utf-8")
    return [Path(match[1]) for key in FOLDER_KEYS if (match := re.search(rf"(?m)^{re.escape(key)}: (.*)$", text))]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
