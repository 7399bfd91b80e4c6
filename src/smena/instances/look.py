"""A look at one instance that never fails: what can be told is told, and of the rest why it cannot.

Lists are made of it: one broken instance must not hide the others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from smena.definition.alphabets import mixed
from smena.definition.model import Definition
from smena.errors import SmenaError, ValueUnknown
from smena.host.paths import decode
from smena.instances.instance import Instance
from smena.instances.lookups import Lookups
from smena.instances.version import release_of, version
from smena.instances.world import lookups_of, top_of
from smena.text import Text, _


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """An instance as it is just now, as far as it can be told."""

    version: str | None = None
    release: str | None = None
    """The release of the definition that the version is of."""
    paths: dict[str, str] = {}
    unknown: dict[str, Text] = {}
    """What cannot be told, and why: `version`, `paths.X`, `settings.X`."""
    missing: tuple[str, ...] = ()
    """Paths of the configuration where nothing lies."""
    top: str | None = None
    """The instance's own top folder; None where it is not there, or cannot be told."""

    def troubles(self) -> list[Text]:
        """What cannot be told and what is missing; names with one reason share one sentence."""
        reasons: list[Text] = []
        names: list[list[str]] = []
        for name, reason in self.unknown.items():
            if reason not in reasons:
                reasons.append(reason)
                names.append([])
            names[reasons.index(reason)].append(name)
        told = [
            _("{names} cannot be told: {reason}", names=", ".join(found), reason=reason)
            for found, reason in zip(names, reasons, strict=True)
        ]
        return [*(_("there is no configuration at {path}", path=path) for path in self.missing), *told]


def look(definition: Definition, instance: Instance, home: Path) -> Look:
    return look_at(lookups_of(definition, instance, home))


def look_at(found: Lookups) -> Look:
    """The same with look-ups that are used for more: each file is read once."""
    definition = found.definition
    unknown = {name: _reason(error) for name in _asked(found) if (error := found.trouble(name)) is not None}
    paths = {name: found[f"paths.{name}"] for name in _ids(found) if f"paths.{name}" not in unknown}
    running, why = _version(found)
    release = release_of(definition, running) if running else None
    configuration = [name for name in definition.instance.roles.get("configuration", ()) if name in paths]
    missing = tuple(paths[name] for name in configuration if not os.path.lexists(decode(paths[name])))
    own = top_of(definition, paths)
    return Look(
        version=running,
        release=release.version if release else None,
        paths=paths,
        unknown=unknown if why is None else {"version": why, **unknown},
        missing=missing,
        top=own if own is not None and os.path.lexists(decode(own)) else None,
    )


def mixed_alphabets(paths: Iterable[str]) -> list[Text]:
    """Names that look right and are others, such as `сomindware` with a Cyrillic «с»; each word is told once."""
    found: dict[str, Text] = {}
    for path in paths:
        odd = mixed(path)
        if odd is not None:
            found.setdefault(
                odd.word,
                _(
                    "“{word}” in {path} mixes alphabets: {character} is {code}",
                    path=path,
                    word=odd.word,
                    character=odd.character,
                    code=odd.code,
                ),
            )
    return list(found.values())


def _asked(found: Lookups) -> list[str]:
    """Names that every instance should have."""
    return [name for name in found if name.startswith(("paths.", "settings."))]


def _ids(found: Lookups) -> list[str]:
    return [str(name) for name in found.spec.paths]


def _version(found: Lookups) -> tuple[str | None, Text | None]:
    try:
        return version(found), None
    except SmenaError as error:
        return None, _reason(error)


def _reason(error: SmenaError) -> Text:
    """Why, without saying again what cannot be told: that stands beside it."""
    if not error.why:
        return error.message
    reasons = error.why[0]
    for more in error.why[1:]:
        reasons = _("{first}; {second}", first=reasons, second=more)
    return reasons if isinstance(error, ValueUnknown) else _("{what}: {why}", what=error.message, why=reasons)
