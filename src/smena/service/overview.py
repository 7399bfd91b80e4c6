"""Instances as they are just now: for lists, and one with everything that there is to know.

A list never fails because of one instance: what cannot be told stands beside it with the
reason. State and version are measured; sizes are those measured last, with their time.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from smena.definition.model import Definition, Role
from smena.errors import SmenaError
from smena.host.paths import decode
from smena.instances import marker, registry, secrets, sizes
from smena.instances.instance import SECRET, Instance
from smena.instances.look import Look, look, mixed_alphabets
from smena.instances.lookups import Lookups
from smena.instances.services import bare_specs
from smena.instances.sizes import Size, Sizes
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.service.control import services_of
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


def listed(home: Path, *, refresh: bool = False) -> list[Overview]:
    """All instances. `refresh` measures the sizes again; what was never measured is measured anyway."""
    return [overview(home, instance, refresh=refresh) for instance in registry.instances(home)]


def shown(home: Path, name: str) -> Overview:
    """One instance, everything of it measured now."""
    return overview(home, registry.get(home, name), refresh=True)


def overview(home: Path, instance: Instance, *, refresh: bool) -> Overview:
    known = secrets.names(home, instance.name)
    try:
        definition = definitions.find(instance.product, home)
        lookups = lookups_of(definition, instance, home)
    except SmenaError as error:
        return Overview(instance=instance, title=plain(instance.product), secrets=known, troubles=(_reason(error),))
    seen = look(definition, instance, home)
    state, services, trouble = _state(home, lookups, seen)
    measured = _sizes(home, definition, instance, seen, refresh=refresh)
    return Overview(
        instance=instance,
        title=_("{title}", title=str(definition.title)),
        state=state,
        version=seen.version,
        release=seen.release,
        url=None if lookups.site is None or lookups.trouble("site.url") else lookups["site.url"],
        services=services,
        held=(home / "hold" / instance.name).exists(),
        paths=seen.paths,
        settings=_settings(lookups, seen),
        secrets=known,
        sizes=measured,
        by_role=sizes.by_role(definition, measured),
        troubles=(*trouble, *_troubles(home, instance, seen)),
    )


def _state(home: Path, lookups: Lookups, seen: Look) -> tuple[State, dict[str, bool], tuple[Text, ...]]:
    """What runs, and what that comes to; with what keeps it from being told."""
    if seen.missing:
        return "no-configuration", {}, ()
    try:
        control = services_of(home, lookups.instance)
        running = {spec.name: control.running(spec) for spec in bare_specs(lookups)}
    except SmenaError as error:
        return "unknown", {}, (_reason(error),)
    if not running:
        return "unknown", {}, (_("the definition names no services"),)
    state: State = "running" if all(running.values()) else "partly" if any(running.values()) else "stopped"
    return state, running, ()


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
