"""Registers an instance that is there already. Of the instance itself nothing is changed.

The order makes a death harmless: judge, mark whose it is, store the secrets, and only
then write it into the registry. Whoever repeats the call finds what a death left and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from smena import faults
from smena.definition.model import Definition
from smena.errors import InstanceExists, InstanceUnfit
from smena.host.facts.init import init_system
from smena.host.paths import decode
from smena.instances import given, marker, registry, secrets
from smena.instances.discover import in_the_way, provisional
from smena.instances.instance import Driver, Instance
from smena.instances.look import look
from smena.instances.lookups import platform_spec
from smena.instances.services import has_unit
from smena.instances.world import lookups_of
from smena.text import _, plain


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says about an instance that is to be added; everything else is measured or has its default."""

    name: str
    edition: str | None = None
    components: tuple[str, ...] = ()
    settings: dict[str, str] = {}
    paths: dict[str, str] = {}
    driver: Driver | None = None
    notes: str = ""


def adopt(
    definition: Definition, wish: Wish, home: Path, *, hidden: Mapping[str, str] | None = None, take_over: bool = False
) -> Instance:
    """Add the instance; `hidden` are its secrets. `take_over` takes it from another home that has it; one that
    is registered here stays as it is described here: then its marker names this home again."""
    instance = described(definition, wish)
    known = registry.find(home, instance.name)
    if known is not None and take_over and known.product == instance.product:
        instance = known
    elif known is not None:
        raise InstanceExists(
            _("there is an instance {name} already", name=instance.name),
            why=[_("it is of {product}", product=known.product)],
            hint=plain(f"smena instance show {instance.name}"),
        )
    given.judge(definition, instance, tuple(hidden or ()))
    if wish.driver is None and instance.driver == "systemd" and not _has_units(definition, instance, home):
        instance = msgspec.structs.replace(instance, driver="supervised")
    top = _top(definition, instance, home)
    marker.claim(home, top, instance.name, take_over=take_over)
    faults.point("adopt.claimed")
    secrets.put(home, instance.name, hidden or {})
    return known or registry.add(home, instance)


def described(definition: Definition, wish: Wish) -> Instance:
    """The instance as it will be registered."""
    usual = provisional(definition)
    edition = wish.edition or usual.edition
    return msgspec.structs.replace(
        usual,
        name=wish.name,
        edition=edition,
        components=wish.components or _usual_components(definition, edition),
        settings=wish.settings,
        paths=wish.paths,
        driver=wish.driver or usual_driver(definition, usual),
        notes=wish.notes,
    )


def usual_driver(definition: Definition, instance: Instance) -> Driver:
    """systemd where it runs and the product has units; else smena itself watches over the services."""
    if instance.platform == "windows":
        return "windows"
    services = platform_spec(definition, instance).services
    if init_system().value == "systemd" and all(service.unit for service in services):
        return "systemd"
    return "supervised"


def _has_units(definition: Definition, instance: Instance, home: Path) -> bool:
    """Without its units systemd cannot run it; smena can what has a command."""
    found = lookups_of(definition, instance, home)
    needed = [service for service in found.spec.services if not service.optional]
    return all(has_unit(service, found) for service in needed) or not all(service.command for service in needed)


def _usual_components(definition: Definition, edition: str | None) -> tuple[str, ...]:
    """What the edition consists of, else everything that is not optional."""
    for name, found in definition.editions.items():
        if name == edition and found.components:
            return tuple(found.components)
    return tuple(name for name, component in definition.components.items() if not component.optional)


def _top(definition: Definition, instance: Instance, home: Path) -> Path:
    """The instance's own top folder; refused where there is no instance to add."""
    seen = look(definition, instance, home)
    why = in_the_way(seen)
    if why or seen.top is None:
        raise InstanceUnfit(
            _("there is no instance {name} to add", name=instance.name),
            why=why or [_("nothing lies at any of its paths")],
            state=_("nothing was written down"),
            hint=plain("smena instance discover"),
        )
    return Path(decode(seen.top))
