"""Which operating system this is, and which family's habits it has (owners, folders of sites, packages)."""

from __future__ import annotations

import platform
import shlex
from pathlib import Path

import msgspec

from smena.host import target
from smena.host.facts.fact import Fact, stable

_RPM = {
    "rhel",
    "fedora",
    "centos",
    "rocky",
    "almalinux",
    "ol",
    "suse",
    "opensuse",
    "sles",
    "redos",
    "rosa",
    "msvsphere",
}
_DEBIAN = {"debian", "ubuntu", "astra", "linuxmint"}


class System(msgspec.Struct, frozen=True):
    """`family` is `debian`, `rpm`, `alt`, `windows`, or empty where it is not known."""

    platform: str
    machine: str
    name: str
    version: str
    family: str


def system(release: Path = Path("/etc/os-release")) -> Fact[System]:
    machine, kind = platform.machine().lower(), target.platform()
    if kind == "windows":
        return stable("system", System(kind, machine, kind, platform.version(), kind))
    found = _fields(release)
    name = found.get("ID", "")
    return stable("system", System(kind, machine, name, found.get("VERSION_ID", ""), _family(name, found)))


def _fields(release: Path) -> dict[str, str]:
    if not release.exists():
        return {}
    lines = release.read_text("utf-8", "replace").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {key.strip(): " ".join(_words(value)) for key, _, value in pairs}


def _words(value: str) -> list[str]:
    try:
        return shlex.split(value)
    except ValueError:  # an unfinished quote
        return [value]


def _family(name: str, found: dict[str, str]) -> str:
    """ALT is asked first: it has RPM packages, but its own folders and owners."""
    names = {name, *found.get("ID_LIKE", "").split()}
    if names & {"altlinux", "alt"}:
        return "alt"
    if names & _DEBIAN:
        return "debian"
    return "rpm" if names & _RPM or any(n.startswith("opensuse") for n in names) else ""
