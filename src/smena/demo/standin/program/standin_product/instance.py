"""Everything a service reads before it starts: its release, the instance's file, the configuration folder.

The configuration folder is where the service was started from: `bin` in it is a link
into a version's folder. Here the product refuses what a half-done upgrade leaves behind:
links into different versions, settings of another version, templates not filled in.
"""

from __future__ import annotations

import json
import os

from . import disk, markup, settings
from .refusal import Refusal

LINKS = (
    "bin",
    "compiled",
    "data",
    "favicon.ico",
    "Global.asax",
    "mobile",
    "redirect.aspx",
    "resources",
    "robots.txt",
    "unauthorized",
)
XML_FILES = ("Ignite.config", "logs.config")


class Release:
    """What this version is, from `data/release.json`."""

    def __init__(self, config: str) -> None:
        fields = json.loads(disk.read(os.path.join(config, "data", "release.json")))
        self.product: str = fields["product"]
        self.version: str = fields["version"]
        self.structure: str = fields["structure"]
        self.converts: list[str] = fields["converts"]
        self.requires: dict[str, list[str]] = fields["requires"]
        self.upgrade_log: str = fields["upgrade_log"]
        self.stale_caches_refused: bool = fields["stale_caches_refused"]


class Instance:
    """The instance as it is configured just now."""

    def __init__(self, config: str, file: str) -> None:
        self.config = config
        _check_links(config)
        self.release = Release(config)
        self.settings = settings.parse(_content(file), file)
        self.name = self.needed("clusterName")
        self.version = self.needed("version")
        self.database = self.needed("db.workDir")
        self.streams = self.needed("userStorage.localDisk.path")
        self.temp = self.needed("tempStorage.localDisk.path")
        self.local_temp = self.needed("tempWorkingDir")
        self.gateway = self._yaml("apigateway.yml")
        self.adapters = self._yaml("adapterhost.yml")
        self.workers = self._workers()
        for name in XML_FILES:
            self._xml(name)

    def needed(self, key: str) -> str:
        """A setting of the instance's file that must be there and filled in."""
        value = self.settings.get(key, "")
        if not value or "${" in value:
            raise Refusal(f"the instance's file says nothing for '{key}'")
        return value

    def port(self) -> int:
        """Where the site is served: the gateway's own port, else the instance's (nginx may stand before it)."""
        return number(self.gateway, "listen.port", 0) or number(self.settings, "port", 0)

    def _yaml(self, name: str) -> dict[str, str]:
        found = settings.parse(_content(os.path.join(self.config, name)), name)
        self._check(name, found)
        return found

    def _xml(self, name: str) -> dict[str, str]:
        elements = _elements(self.config, name)
        found = {
            **markup.named(elements, "property", "name", "value"),
            **markup.named(elements, "variable", "name", "value"),
        }
        self._check(name, found)
        return found

    def _check(self, name: str, found: dict[str, str]) -> None:
        missing = [key for key in self.release.requires.get(name, []) if key not in found]
        if missing:
            raise Refusal(f"{name} is not of version {self.release.version}: it lacks {', '.join(missing)}")

    def _workers(self) -> int:
        """`Workers.config` in the old versions, the instance's file in the new."""
        name = "Workers.config"
        if name not in self.release.requires:
            return number(self.settings, "workers.count", 4)
        found = markup.named(_elements(self.config, name), "add", "key", "value")
        self._check(name, found)
        return number(found, "Workers.Count", 4)


def log_folder(config: str) -> str:
    """Where the logs lie: asked before everything else, so that every refusal has a place."""
    found = markup.named(_elements(config, "logs.config"), "variable", "name", "value")
    if not found.get("logDirectory"):
        raise Refusal("logs.config: the variable 'logDirectory' is missing")
    return os.path.normpath(found["logDirectory"])


def number(found: dict[str, str], key: str, default: int) -> int:
    """A whole number that must be one where it is given."""
    value = found.get(key, "") or str(default)
    if not value.isdecimal():
        raise Refusal(f"'{key}' is not a whole number: {value}")
    return int(value)


def _check_links(config: str) -> None:
    versions = set()
    for name in LINKS:
        path = os.path.join(config, name)
        if not os.path.exists(path):
            raise Refusal(f"{path} is missing, or leads nowhere")
        versions.add(os.path.dirname(os.path.realpath(path)))
    if len(versions) > 1:
        raise Refusal(f"the links in {config} lead into different versions: {', '.join(sorted(versions))}")


def _elements(config: str, name: str) -> list[markup.Element]:
    return markup.elements(_content(os.path.join(config, name)), name)


def _content(path: str) -> bytes:
    try:
        return disk.read(path)
    except OSError as error:
        raise Refusal(f"cannot read {path}: {error.strerror}") from None
