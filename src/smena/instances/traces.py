"""What an instance leaves on a host besides its own file: units, links into a version, sites.

Each pattern names an instance by its `{name}`. Alone a trace makes nobody an instance: it is told, with
what is missing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from smena.definition.model import Discovery
from smena.drivers.systemd_units import FOLDERS
from smena.errors import SmenaError
from smena.host.paths import decode
from smena.instances.finding import Match, matches
from smena.instances.lookups import Lookups
from smena.instances.values import rendered

UNIT = ".service"
_ENDING = ".conf"


def traces(found: Lookups, discover: Discovery) -> dict[str, list[Path]]:
    """By name, in the order in which they are worth most."""
    by_name: dict[str, dict[Path, None]] = {}
    for match in (*_links(found, discover), *_units(discover), *_sites(found, discover)):
        by_name.setdefault(match.name, {})[match.file] = None
    return {name: list(files) for name, files in by_name.items()}


def _units(discover: Discovery) -> Iterator[Match]:
    """Units by their files: also those that systemd does not know yet, or that are masked."""
    for pattern in discover.services:
        for folder in FOLDERS:
            for match in matches(f"{folder}/{pattern}{UNIT}"):
                if "@" not in match.file.name:
                    yield Match(match.name.removesuffix(UNIT), match.file)


def _links(found: Lookups, discover: Discovery) -> Iterator[Match]:
    """Only those that lead into a version of this product: others may well have a link of that name."""
    versions = [Path(decode(path)) for path in _versions(found)]
    for pattern in _told(found, discover.links):
        for match in matches(pattern):
            target = Path(os.path.realpath(match.file))
            if match.file.is_symlink() and any(target.is_relative_to(folder.resolve()) for folder in versions):
                yield match


def _sites(found: Lookups, discover: Discovery) -> Iterator[Match]:
    """Some distributions want the ending `.conf`, which is no part of the name."""
    for pattern in _told(found, discover.sites):
        for match in matches(pattern):
            yield Match(match.name.removesuffix(_ENDING), match.file)


def _versions(found: Lookups) -> Iterator[str]:
    for name in found.definition.instance.roles.get("versions", ()):
        if found.trouble(f"paths.{name}") is None:
            yield found[f"paths.{name}"]


def _told(found: Lookups, patterns: tuple[str, ...]) -> Iterator[str]:
    """One that cannot be told here (a family of Linux that is not known) finds nothing."""
    for pattern in patterns:
        try:
            yield decode(rendered(pattern, found))
        except SmenaError:
            continue
