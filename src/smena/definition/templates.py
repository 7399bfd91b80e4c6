"""`${name}` look-ups in texts: finding them, rendering them, and which names there are.

A template is no program: a name is looked up and put in, nothing else. `$${` stands for
`${`. What is put in is not looked at again, so a value can never bring look-ups of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from smena.definition.mistake import Wrong, nearest, short
from smena.definition.model import Definition, Platform, PlatformSpec, Site
from smena.text import _, plain

LENGTH = 8192
"""No text that a definition renders needs more: a longer one is a heap of look-ups in look-ups."""

_PIECE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_NAME = re.compile(r"[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\Z")


class Lookup(NamedTuple):
    name: str


def pieces(template: str) -> Iterator[str | Lookup]:
    """Text and look-ups in their order; a look-up that is not closed or not a name is `Wrong`."""
    end = 0
    for found in _PIECE.finditer(template):
        if found.start() > end:
            yield template[end : found.start()]
        end = found.end()
        yield "${" if found.group() == "$${" else _lookup(found)
    if end < len(template):
        yield template[end:]


def names_in(template: str) -> tuple[str, ...]:
    """The names that a template looks up."""
    if "${" not in template:
        return ()
    return tuple(piece.name for piece in pieces(template) if isinstance(piece, Lookup))


def render(template: str, values: Mapping[str, str]) -> str:
    """The template with every look-up replaced; an unknown name is `Wrong`, with the nearest known one."""
    if "${" not in template:
        return template
    shown = "".join(
        _looked_up(piece.name, values) if isinstance(piece, Lookup) else piece for piece in pieces(template)
    )
    if len(shown) > LENGTH:
        raise Wrong(_("{text} grows to more than {limit} characters", text=short(template), limit=LENGTH))
    return shown


def names_for(definition: Definition, platform: Platform | None, *, upgrading: bool = True) -> frozenset[str]:
    """What may be looked up on a platform; `upgrading`: in an upgrade, where there are two versions and packages."""
    names = {"name", "product", "home", "edition", *(f"settings.{name}" for name in definition.instance.settings)}
    if upgrading:
        names |= {"from", "to", *(f"package.{name}" for name in definition.components)}
    spec = spec_of(definition, platform)
    return frozenset(names | _platform_names(spec) if spec else names)


def spec_of(definition: Definition, platform: Platform | None) -> PlatformSpec | None:
    """What the definition says of a platform."""
    instance = definition.instance
    return {"linux": instance.linux, "windows": instance.windows}.get(platform or "")


def platforms_of(definition: Definition) -> tuple[Platform, ...]:
    """The platforms on which the product runs."""
    both: tuple[Platform, ...] = ("linux", "windows")
    return tuple(platform for platform in both if spec_of(definition, platform))


def sites_of(spec: PlatformSpec) -> tuple[Site, ...]:
    """The site and those that may take its place."""
    return (spec.site, *spec.site_instead) if spec.site else spec.site_instead


def _platform_names(spec: PlatformSpec) -> set[str]:
    names = {f"paths.{name}" for name in spec.paths}
    for values in spec.os_family.values():
        names |= {f"family.{name}" for name in values}
    for site in sites_of(spec):
        names |= {"site.url", "site.probe"} | ({"site.name"} if site.name else set())
    return names


def _lookup(found: re.Match[str]) -> Lookup:
    name = found[1]
    if name is None:
        raise Wrong(_("a look-up is not closed: {text}", text="${"), plain("${…}"))
    if not _NAME.match(name):
        raise Wrong(_("{text} is not a name that can be looked up", text=f"“{short(name)}”"), plain("${paths.config}"))
    return Lookup(name)


def _looked_up(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise Wrong(_("nothing is called {name} here", name=short(name)), nearest(name, values))
    return values[name]
