"""Names that are made of other names: what goes in circles, what grows too long, what carries a secret.

`paths.config` may look up `paths.versions`, which may look up a setting. The names are
walked after those that they are made of, with a stack of our own: chains may be long.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from smena.definition.mistake import Wrong
from smena.definition.model import Definition, Platform, PlatformSpec
from smena.definition.nodes import Path
from smena.definition.templates import LENGTH, Lookup, pieces, sites_of, spec_of
from smena.definition.values import Read, Value


class Source(NamedTuple):
    """Where a name's value is written, and the templates that it is made of."""

    path: Path
    templates: tuple[str, ...]
    secret: bool = False


class Made(NamedTuple):
    """What is known of a name: how long it can get, and whether it carries a secret."""

    length: int
    secret: bool


class Weave(NamedTuple):
    """All names of one platform."""

    sources: dict[str, Source]
    made: dict[str, Made]
    circles: list[tuple[str, ...]]
    too_long: list[str]


def weave(definition: Definition, platform: Platform | None) -> Weave:
    """Walk every name of a platform."""
    found = Weave(_sources(definition, platform), {}, [], [])
    for start in found.sources:
        if start not in found.made:
            _walk(start, found)
    return found


def length_of(template: str, found: Weave) -> int:
    """How long the template gets, as far as the definition alone decides it."""
    length = 0
    for piece in _pieces(template):
        if isinstance(piece, str):
            length += len(piece)
        elif piece.name in found.made:
            length += found.made[piece.name].length
    return length


def _walk(start: str, found: Weave) -> None:
    trail: dict[str, Iterator[str]] = {start: _open(start, found)}
    while trail:
        name = next(reversed(trail))
        part = next(trail[name], None)
        if part is None:
            trail.popitem()
            found.made[name] = _settle(name, found)
        elif part in trail:
            names = [*trail]
            found.circles.append((*names[names.index(part) :], part))
        elif part not in found.made:
            trail[part] = _open(part, found)


def _open(name: str, found: Weave) -> Iterator[str]:
    return (part for part in _parts(found.sources[name].templates) if part in found.sources)


def _settle(name: str, found: Weave) -> Made:
    source = found.sources[name]
    length = sum(length_of(template, found) for template in source.templates)
    if length > LENGTH:
        found.too_long.append(name)
        length = 0  # said once: what is made of it is not to blame
    parts = _parts(source.templates)
    return Made(length, source.secret or any(found.made[part].secret for part in parts if part in found.made))


def _parts(templates: tuple[str, ...]) -> Iterator[str]:
    return (piece.name for template in templates for piece in _pieces(template) if isinstance(piece, Lookup))


def _pieces(template: str) -> Iterator[str | Lookup]:
    """What can be read of a template; what cannot is reported where it stands."""
    with suppress(Wrong):
        yield from pieces(template)


def _sources(definition: Definition, platform: Platform | None) -> dict[str, Source]:
    sources = {
        f"settings.{name}": Source(
            ("instance", "settings", name, "default"), _templates(setting.default), setting.type == "secret"
        )
        for name, setting in definition.instance.settings.items()
    }
    spec = spec_of(definition, platform)
    return sources | _platform_sources(spec, ("instance", platform or "")) if spec else sources


def _platform_sources(spec: PlatformSpec, place: Path) -> dict[str, Source]:
    sources = {
        f"paths.{name}": Source((*place, "paths", name), _templates(value)) for name, value in spec.paths.items()
    }
    for field in ("url", "probe", "name") if sites_of(spec) else ():
        written = [template for site in sites_of(spec) for template in _templates(getattr(site, field))]
        sources[f"site.{field}"] = Source((*place, "site", field), tuple(written))
    return sources


def _templates(value: Value | None) -> tuple[str, ...]:
    if isinstance(value, Read):
        return tuple(template for template in (value.of, value.relative_to, value.default) if template)
    return (value,) if value else ()
