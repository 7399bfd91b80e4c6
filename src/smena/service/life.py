"""The life of an instance: it comes to be, is set otherwise, and goes. Each is a plan that a run carries out.

Here the plans are made, of what a person said and of what is measured; nothing is changed by making
one. `begin` proves a plan on this host and starts its run.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from smena import __version__
from smena.checks.check import refuse_if_blocked
from smena.definition.graph import Graph
from smena.definition.model import Definition
from smena.definition.resolve import resolve
from smena.definition.scalars import Id
from smena.definition.values import Read
from smena.drivers.systemd_units import SYSTEM, unit_file, unit_name
from smena.errors import InstanceExists, PlanImpossible, ReleaseMissing
from smena.host import files
from smena.host.paths import decode, encode
from smena.instances import given, marker, registry, secrets
from smena.instances.adopt import Wish, described
from smena.instances.instance import Instance
from smena.instances.lookups import platform_spec
from smena.instances.world import foreseen, measure
from smena.intake import definitions, hand
from smena.plan.create import PROCEDURE, Newcomer, build_create
from smena.plan.model import Plan
from smena.plan.remove import build_remove, going, staying
from smena.plan.request import HopIn, Options, Request
from smena.plan.world import World
from smena.service import launching, planning, subjects, turns
from smena.service.preview import preview
from smena.text import Text, _, plain

_NOTHING = _("nothing was changed")


def plan_create(home: Path, product: str, version: str, wish: Wish, hidden: Mapping[str, str]) -> Plan:
    """Everything that will be made; refused where there is something already."""
    definition = definitions.find(product, home)
    instance = described(definition, wish)
    _refuse_known(home, instance.name)
    given.judge(definition, instance, tuple(hidden))
    if not definition.create:
        raise PlanImpossible(
            _("smena does not know how an instance of {product} comes to be", product=product),
            why=[_("its definition has no `create`")],
            hint=_("install it as its maker says, then: smena instance add NAME"),
        )
    at_hand = hand.versions(home, definition, instance)
    node = resolve(Graph(definition, (), at_hand), version, entering=True)
    world = foreseen(definition, instance, home, node.version)
    _refuse_taken(home, definition, instance, world)
    request = _request(home, definition, world)
    request = msgspec.structs.replace(request, merged=preview(request))
    return build_create(request, _newcomer(definition, instance, world, tuple(hidden)))


def plan_remove(home: Path, name: str, *, data: bool) -> Plan:
    """Everything that will go, and what stays."""
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    world = measure(definition, instance, home)
    marker.check(home, Path(decode(world.outside)), name)
    inside = [
        _("{path} lies inside {other}", path=path, other=other)
        for other in going(definition, world, data=data)
        for path in staying(definition, world, data=data)
        if path.startswith(f"{other}/")
    ]
    if inside:
        raise PlanImpossible(
            _("{instance} cannot be removed without its data", instance=name),
            why=inside,
            state=_NOTHING,
            hint=_("move it away first: smena instance configure {name} --path … --move", name=name),
        )
    plan = build_remove(definition, world, subjects.described(instance), data=data, smena=__version__)
    return msgspec.structs.replace(plan, outside=(*plan.outside, *_going_folders(world)))


def _going_folders(world: World) -> list[str]:
    """Folders that go with the units: what is kept of them must not lie in them."""
    units = [service.unit for service in world.services if service.unit is not None and world.driver == "systemd"]
    return [encode(SYSTEM / f"{unit_name(unit)}.d") for unit in units]


def begin(home: Path, plan: Plan, hidden: Mapping[str, str] | None = None) -> str:
    """Prove it, and start the run; the run's name. Secrets are stored at the last moment before."""
    turns.refuse_if_under_way(home, plan.instance)
    message = _("{instance} cannot be created now", instance=plan.instance)
    if plan.kind != "create":
        message = _("{instance} cannot be changed now", instance=plan.instance)
    refuse_if_blocked(planning.findings(home, plan), message, state=_NOTHING)
    if plan.kind == "create":
        _refuse_known(home, plan.instance)
        secrets.forget(home, plan.instance)  # of one that died before it came to be
    secrets.put(home, plan.instance, hidden or {})
    return launching.begin(home, plan)


def _refuse_known(home: Path, name: str) -> None:
    known = registry.find(home, name)
    if known is not None:
        raise InstanceExists(
            _("there is an instance {name} already", name=name),
            why=[_("it is of {product}", product=known.product)],
            hint=plain(f"smena instance show {name}"),
        )


def _refuse_taken(home: Path, definition: Definition, instance: Instance, world: World) -> None:
    """Nothing may lie where the new instance's configuration and data will be; no other one may have the place."""
    roles = definition.instance.roles
    chosen = [*roles.get("configuration", ()), *roles.get("data", ()), *roles.get("uploads", ())]
    places = {world.paths[name] for name in chosen if name in world.paths}
    found = [
        *(path for path in sorted(places) if _taken(path)),
        *_units_there(definition, world),
        *_site_there(definition, world),
    ]
    there: list[Text] = [_("{path} is there already", path=path) for path in found]
    if there:
        raise InstanceExists(
            _("{name} cannot be created: something lies where it would be", name=instance.name),
            why=there,
            state=_NOTHING,
            hint=_("if it is an instance: smena instance add {name}", name=instance.name),
        )
    marker.check(home, Path(decode(world.outside)), instance.name)


def _units_there(definition: Definition, world: World) -> list[str]:
    """Units of the names that the new one's will have, where its definition makes them."""
    if world.driver != "systemd" or all(step.kind != "make-services" for step in definition.create):
        return []
    files = [unit_file(service.unit) for service in world.services if service.unit is not None]
    return [encode(file) for file in files if file is not None]


def _site_there(definition: Definition, world: World) -> list[str]:
    """A site of its name, with or without the ending that some distributions want."""
    site = world.site
    if site is None or site.file is None or all(step.kind != "make-site" for step in definition.create):
        return []
    return [path for path in (site.file, f"{site.file}.conf") if os.path.lexists(decode(path))]


def _taken(path: str) -> bool:
    """An empty folder is as good as none."""
    place = Path(decode(path))
    if place.is_dir() and not files.is_link(place):
        return any(place.iterdir())
    return os.path.lexists(place)


def _request(home: Path, definition: Definition, world: World) -> Request:
    here = hand.at_hand(home, definition, world.version, world)
    if here.missing:
        raise ReleaseMissing(
            _("files of {product} {version} are not at hand", product=definition.product, version=world.version),
            why=here.missing,
            state=_NOTHING,
            hint=_("smena release add FILE"),
        )
    release = next((one for one in definition.releases if one.version == world.facts.get("release")), None)
    hop = HopIn(
        from_="",
        to=world.version,
        procedure=Id(PROCEDURE),
        data="same",
        software={str(name): (wanted,) for name, wanted in release.software.items()} if release else {},
    )
    packages = tuple(planning.package_spec(home, world.version, package) for package in here.packages)
    procedures = {**definition.procedures, Id(PROCEDURE): definition.create}
    return Request(
        definition=msgspec.structs.replace(definition, procedures=procedures),
        world=world,
        hops=(hop,),
        packages=packages,
        options=Options(),
        smena=__version__,
    )


def _newcomer(definition: Definition, instance: Instance, world: World, hidden: tuple[str, ...]) -> Newcomer:
    ports = [name for name, setting in definition.instance.settings.items() if setting.type == "port"]
    return Newcomer(
        described=subjects.described(instance),
        registered=subjects.described(own(definition, instance)),
        secrets=hidden,
        ports=tuple(int(world.lookups[f"settings.{name}"]) for name in ports),
    )


def own(definition: Definition, instance: Instance) -> Instance:
    """What the registry has to say of it: what the product's own files hold is read there, and only there."""
    settings, paths = definition.instance.settings, platform_spec(definition, instance).paths
    read = {str(name) for name, setting in settings.items() if isinstance(setting.default, Read)}
    found = {str(name) for name, value in paths.items() if isinstance(value, Read)}
    return msgspec.structs.replace(
        instance,
        settings={name: value for name, value in instance.settings.items() if name not in read},
        paths={name: path for name, path in instance.paths.items() if name not in found},
    )
