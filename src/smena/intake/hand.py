"""Whether the packages of a version are at hand for one instance, measured when it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

from smena.definition.model import Component, Definition
from smena.definition.versions import Unreadable, same
from smena.host.paths import encode
from smena.intake import shelf
from smena.intake.naming import ANY, expected
from smena.intake.shelf import Package
from smena.text import Text, _


class Wanted(Protocol):
    """For whom: an instance says all of it."""

    @property
    def edition(self) -> str | None: ...
    @property
    def platform(self) -> str: ...
    @property
    def components(self) -> tuple[str, ...]: ...


class Hand(NamedTuple):
    """What is there, and what is not, each with what to do about it."""

    packages: tuple[Package, ...]
    missing: tuple[Text, ...]


def at_hand(home: Path, definition: Definition, version: str, wanted: Wanted, *, thoroughly: bool = False) -> Hand:
    """The packages of a version: those that are needed or missing, and optional ones that are there."""
    found: list[Package] = []
    missing: list[Text] = []
    for name, component in definition.components.items():
        variants = _variants(component, wanted)
        if not variants:
            continue
        package = _best(home, definition, version, name, variants)
        needed = name in wanted.components if wanted.components else not component.optional
        state = "missing" if package is None else shelf.state(home, package, thoroughly=thoroughly)
        if package is not None and state == "there":
            found.append(package)
        elif needed:
            missing.append(_lacking(home, definition, version, name, package))
    return Hand(tuple(found), tuple(missing))


def versions(home: Path, definition: Definition, wanted: Wanted) -> list[str]:
    """The versions of which everything that is needed is there, as they are written in the home."""
    every = dict.fromkeys(package.version for package in shelf.packages(home, definition.product))
    return [version for version in every if not at_hand(home, definition, version, wanted).missing]


def _variants(component: Component, wanted: Wanted) -> list[str]:
    """The variants that would do, the best first; none for a component that is not for this platform or edition."""
    fitting = [name for name in (wanted.edition, wanted.platform, ANY) if name and name in component.files]
    return list(dict.fromkeys([*fitting, ANY])) if fitting else []


def _best(home: Path, definition: Definition, version: str, component: str, variants: list[str]) -> Package | None:
    fitting = [
        package
        for package in _of_version(home, definition, version)
        if package.component == component and package.variant in variants
    ]
    return min(fitting, key=lambda package: variants.index(package.variant), default=None)


def _of_version(home: Path, definition: Definition, version: str) -> Iterator[Package]:
    for package in shelf.packages(home, definition.product):
        try:
            if same(package.version, version, definition.versions):
                yield package
        except Unreadable:  # added under another scheme, long ago
            continue


def _lacking(home: Path, definition: Definition, version: str, component: str, package: Package | None) -> Text:
    values = {"component": component, "version": version}
    if package is None:
        names = expected(definition, component)
        return _("there is no package of {component} {version}; {names}", names=names, **values)
    path = encode(package.path(home))
    if package.path(home).exists():
        return _("the package of {component} {version} is not what was added any more: {path}", path=path, **values)
    return _("the package of {component} {version} was added, and is gone: {path}", path=path, **values)
