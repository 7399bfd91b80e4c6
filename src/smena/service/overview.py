"""Instances as they are just now: for lists, and one with everything that there is to know.

A list never fails because of one instance: what cannot be told stands beside it with the
reason. State and version are measured; sizes are those measured last, with their time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Literal

import msgspec

from smena.definition.model import Definition, Role
from smena.errors import SmenaError
from smena.host.paths import decode
from smena.instances import marker, registry, secrets, sizes
from smena.instances.instance import SECRET, Instance
from smena.instances.look import Look, look_at, mixed_alphabets
from smena.instances.lookups import Lookups
from smena.instances.services import bare_specs
from smena.instances.sizes import Size, Sizes
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.plan.params import ServiceSpec
from smena.service.control import running
from smena.text import Text, _, plain

State = Literal["running", "partly", "stopped", "no-configuration", "unknown"]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """One instance, as far as it can be told."""

    instance: Instance
    title: Text
    """The product's."""
    state: State = "unknown"
    version: str | None = None
    release: str | None = None
    url: str | None = None
    services: dict[str, bool] = {}
    """Which of them run."""
    held: bool = False
    """A run keeps everybody else from starting it."""
    paths: dict[str, str] = {}
    settings: dict[str, str] = {}
    secrets: tuple[str, ...] = ()
    """Names only."""
    sizes: Sizes = {}
    by_role: dict[Role, Size] = {}
    troubles: tuple[Text, ...] = ()


class _Seen(msgspec.Struct, frozen=True):
    """What the files say of an instance; its services are asked afterwards, with those of all others."""

    instance: Instance
    lookups: Lookups
    look: Look
    specs: tuple[ServiceSpec, ...]
    trouble: tuple[Text, ...] = ()


def listed(home: Path, *, refresh: bool = False) -> list[Overview]:
    """All instances. `refresh` measures the sizes again; what was never measured is measured anyway."""
    return _overviews(home, registry.instances(home), refresh=refresh)


def shown(home: Path, name: str) -> Overview:
    """One instance, everything of it measured now."""
    return _overviews(home, [registry.get(home, name)], refresh=True)[0]


def _overviews(home: Path, instances: Sequence[Instance], *, refresh: bool) -> list[Overview]:
    definition = cache(lambda product: _definition(home, product))
    seen = [_seen(home, instance, definition(instance.product)) for instance in instances]
    asked = [(one.instance, spec) for one in seen if isinstance(one, _Seen) for spec in one.specs]
    states = _asked(home, asked)
    return [
        one
        if isinstance(one, Overview)
        else _overview(home, one, [next(states) for _spec in one.specs], refresh=refresh)
        for one in seen
    ]


def _definition(home: Path, product: str) -> Definition | SmenaError:
    try:
        return definitions.find(product, home)
    except SmenaError as error:
        return error


def _seen(home: Path, instance: Instance, definition: Definition | SmenaError) -> _Seen | Overview:
    try:
        if isinstance(definition, SmenaError):
            raise definition
        lookups = lookups_of(definition, instance, home)
    except SmenaError as error:
        known = secrets.names(home, instance.name)
        return Overview(instance=instance, title=plain(instance.product), secrets=known, troubles=(_reason(error),))
    found = look_at(lookups)
    if found.missing:
        return _Seen(instance, lookups, found, ())
    try:
        return _Seen(instance, lookups, found, bare_specs(lookups))
    except SmenaError as error:
        return _Seen(instance, lookups, found, (), (_reason(error),))


def _asked(home: Path, wanted: Sequence[tuple[Instance, ServiceSpec]]) -> Iterator[bool | SmenaError]:
    try:
        return iter(running(home, wanted))
    except SmenaError as error:
        return repeat(error)


def _overview(home: Path, seen: _Seen, states: Sequence[bool | SmenaError], *, refresh: bool) -> Overview:
    instance, lookups, definition = seen.instance, seen.lookups, seen.lookups.definition
    measured = _sizes(home, definition, instance, seen.look, refresh=refresh)
    state, services, trouble = _state(seen, states)
    return Overview(
        instance=instance,
        title=_("{title}", title=str(definition.title)),
        state=state,
        version=seen.look.version,
        release=seen.look.release,
        url=None if lookups.site is None or lookups.trouble("site.url") else lookups["site.url"],
        services=services,
        held=(home / "hold" / instance.name).exists(),
        paths=seen.look.paths,
        settings=_settings(lookups, seen.look),
        secrets=secrets.names(home, instance.name),
        sizes=measured,
        by_role=sizes.by_role(definition, measured),
        troubles=(*trouble, *_troubles(home, instance, seen.look)),
    )


def _state(seen: _Seen, states: Sequence[bool | SmenaError]) -> tuple[State, dict[str, bool], tuple[Text, ...]]:
    """What runs, and what that comes to; with what keeps it from being told."""
    if seen.look.missing:
        return "no-configuration", {}, ()
    reasons = [_reason(state) for state in states if isinstance(state, SmenaError)]
    if reasons or seen.trouble:
        return "unknown", {}, (*seen.trouble, *reasons[:1])
    runs = {spec.name: state is True for spec, state in zip(seen.specs, states, strict=True)}
    if not runs:
        return "unknown", {}, (_("the definition names no services"),)
    state: State = "running" if all(runs.values()) else "partly" if any(runs.values()) else "stopped"
    return state, runs, ()


def _sizes(home: Path, definition: Definition, instance: Instance, seen: Look, *, refresh: bool) -> Sizes:
    known = {} if refresh else sizes.remembered(home, instance.name)
    if known:
        return known
    measured = sizes.measured(sizes.own_paths(definition, seen.paths))
    sizes.remember(home, instance.name, measured)
    return measured


def _settings(lookups: Lookups, seen: Look) -> dict[str, str]:
    """Without secrets, and without what is made of them."""
    names = [name for name in lookups if name.startswith("settings.") and name not in seen.unknown]
    return {name.removeprefix("settings."): lookups[name] for name in names if SECRET not in lookups[name]}


def _troubles(home: Path, instance: Instance, seen: Look) -> tuple[Text, ...]:
    """Everything about it that is not as it should be."""
    found = [*seen.troubles(), *mixed_alphabets(seen.paths.values())]
    if seen.top is not None:
        try:
            marker.check(home, Path(decode(seen.top)), instance.name)
        except SmenaError as error:
            found.append(_reason(error))
    return tuple(found)


def _reason(error: SmenaError) -> Text:
    return _("{what}: {why}", what=error.message, why=error.why[0]) if error.why else error.message
