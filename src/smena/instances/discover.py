"""Finds instances that were installed without smena, by what their product's definition says of them.

Nothing is changed and nothing is believed: each find is measured like a registered instance,
and told with everything that keeps it from being added as it is.
"""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena.definition.model import Definition, Discovery, Platform
from smena.definition.templates import spec_of
from smena.errors import SmenaError
from smena.host import target
from smena.host.paths import decode, encode
from smena.instances import given, marker, registry, windows_traces
from smena.instances.finding import matches
from smena.instances.instance import Instance
from smena.instances.look import Look, look, mixed_alphabets
from smena.instances.traces import traces
from smena.instances.values import rendered
from smena.instances.world import lookups_of
from smena.text import Text, _


class Find(msgspec.Struct, frozen=True, kw_only=True):
    """An instance that is there and not registered."""

    name: str
    product: str
    files: tuple[str, ...]
    """What stands for it; more than one where a name was found twice, none where only traces are left."""
    traces: tuple[str, ...] = ()
    """Units, links and sites of it: what there is where its own file is gone."""
    look: Look
    why: tuple[Text, ...] = ()
    """What keeps it from being added as it is."""
    unsaid: str = ""
    """Words of a command line that a person has to fill in, where nothing else keeps it."""
    remarks: tuple[Text, ...] = ()
    """What is worth a second look, and keeps it from nothing."""

    @property
    def addable(self) -> bool:
        return not self.why


class Found(NamedTuple):
    """Where a name was found: what stands for an instance, and what else it left; in the escaped form."""

    files: list[str]
    traces: list[str]


def platform_here() -> Platform:
    """The platform that instances of this host are of."""
    return target.platform()


def discover(definition: Definition, home: Path, settings: Mapping[str, str] | None = None) -> list[Find]:
    """All instances of a product that this home does not have yet; `settings` as they would be added with."""
    known = {instance.name for instance in registry.instances(home) if instance.product == definition.product}
    usual = provisional(definition, settings)
    files, others = _files(definition, usual, home), _traces(definition, usual, home)
    names = sorted({*files, *others})
    return [
        _find(definition, usual, name, Found(files.get(name, []), others.get(name, [])), home)
        for name in names
        if encode(name) not in known
    ]


def find(definition: Definition, name: str, home: Path, settings: Mapping[str, str] | None = None) -> Find | None:
    """The one of this name, if it is there, registered or not."""
    usual = provisional(definition, settings)
    files = _files(definition, usual, home).get(name)
    return _find(definition, usual, name, Found(files, []), home) if files else None


def provisional(definition: Definition, settings: Mapping[str, str] | None = None) -> Instance:
    """An instance as it would be added if nobody said more about it; it has no name yet."""
    editions = list(map(str, definition.editions))
    known = definition.instance.settings
    return Instance(
        name="",
        product=definition.product,
        platform=platform_here(),
        edition=editions[0] if len(editions) == 1 else None,
        settings={name: value for name, value in (settings or {}).items() if name in known},
    )


def _files(definition: Definition, usual: Instance, home: Path) -> dict[str, list[str]]:
    """Names, and the files that stand for each: one file that is reached in two ways counts once.

    Where the product has no such files its keys of the Windows registry stand for it, else its services.
    """
    spec = spec_of(definition, usual.platform)
    if spec is None or spec.discover is None:
        return {}
    if usual.platform == "windows" and not spec.discover.files:
        standing = windows_traces.keys(spec.discover) or windows_traces.services(spec.discover)
        return _meant(standing, spec.discover)
    lookups = lookups_of(definition, usual, home)
    found: dict[str, list[Path]] = {}
    for pattern in spec.discover.files:
        for match in matches(decode(rendered(pattern, lookups))):
            files = found.setdefault(match.name, [])
            if os.path.realpath(match.file) not in map(os.path.realpath, files):
                files.append(match.file)
    return _meant(_escaped(found), spec.discover)


def _traces(definition: Definition, usual: Instance, home: Path) -> dict[str, list[str]]:
    spec = spec_of(definition, usual.platform)
    if spec is None or spec.discover is None:
        return {}
    lookups = lookups_of(definition, usual, home)
    if usual.platform == "windows":
        found = windows_traces.of_iis(lookups, spec.discover)
        for name, services in windows_traces.services(spec.discover).items() if spec.discover.files else ():
            found.setdefault(name, []).extend(services)
        return _meant(found, spec.discover)
    return _meant(_escaped(traces(lookups, spec.discover)), spec.discover)


def _escaped(found: dict[str, list[Path]]) -> dict[str, list[str]]:
    return {name: [encode(file) for file in files] for name, files in found.items()}


def _meant(found: dict[str, list[str]], discover: Discovery) -> dict[str, list[str]]:
    unwanted = discover.not_named
    return {name: files for name, files in found.items() if not any(fnmatch.fnmatch(name, not_) for not_ in unwanted)}


def _find(definition: Definition, usual: Instance, name: str, found: Found, home: Path) -> Find:
    instance = msgspec.structs.replace(usual, name=encode(name))
    seen = look(definition, instance, home)
    unsaid = tuple(given.unsaid(definition, instance))
    why = [
        *given.troubles(definition, instance),
        *in_the_way(seen),
        *_twice(found.files, seen),
        *_taken(home, instance.name, seen),
    ]
    shown = tuple(found.files)
    only_unsaid = shown and len(why) == len(unsaid)
    remarks = tuple(mixed_alphabets([*shown, *seen.paths.values()]))
    return Find(
        name=instance.name,
        product=definition.product,
        files=shown,
        traces=tuple(found.traces),
        look=seen,
        why=tuple(why) or (() if shown else (_("its own file is gone"),)),
        unsaid=" ".join(one.words for one in unsaid) if only_unsaid else "",
        remarks=remarks,
    )


def in_the_way(seen: Look) -> list[Text]:
    """An unknown version keeps nobody from being registered, and settings are judged by `troubles`."""
    paths = {name: reason for name, reason in seen.unknown.items() if name.startswith("paths.")}
    return msgspec.structs.replace(seen, unknown=paths).troubles()


def _twice(files: list[str], seen: Look) -> Iterator[Text]:
    """Of two files for one name, the one that the definition's own paths name is meant; if none is, nobody can tell."""
    named = {decode(path) for path in seen.paths.values()}
    if len(files) > 1 and sum(decode(file) in named for file in files) != 1:
        yield _("it was found more than once: {files}", files=", ".join(files))


def _taken(home: Path, name: str, seen: Look) -> Iterator[Text]:
    if seen.top is None:
        return
    try:
        marker.check(home, Path(decode(seen.top)), name)
    except SmenaError as error:
        yield _("{what}: {why}", what=error.message, why=error.why[0]) if error.why else error.message
