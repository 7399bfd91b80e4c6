"""The plan by which an instance goes: everything of it moves into a restore point, nothing is deleted.

Its data stays where it is unless a person says otherwise. What the home knows of it is forgotten last,
so that up to the end the instance is somebody's.
"""

from __future__ import annotations

from smena.definition.model import Definition, Role
from smena.plan import params as p
from smena.plan.around import hold, release, reserve, stop_all
from smena.plan.kept import own_folders
from smena.plan.life_params import Described, Forget, RemoveServices, RemoveSite
from smena.plan.model import HopShown, Plan, PlannedStep, planned
from smena.plan.world import World
from smena.text import _

ALWAYS: tuple[Role, ...] = ("configuration",)
WITH_DATA: tuple[Role, ...] = ("data", "uploads", "temporary", "logs")
"""Backups stay in any case: they are the last way back."""


def build_remove(definition: Definition, world: World, instance: Described, *, data: bool, smena: str) -> Plan:
    return Plan(
        kind="remove",
        product=world.product,
        instance=world.instance,
        platform=world.platform,
        from_=world.version,
        to="",
        edition=world.edition,
        outside=own_folders(world),
        created=instance,
        hops=(HopShown(from_=world.version, to="", procedure="remove", data="same"),),
        steps=tuple(_steps(world, instance, going(definition, world, data=data))),
        facts=world.facts,
        smena=smena,
    )


def going(definition: Definition, world: World, *, data: bool) -> list[str]:
    """The paths that move, none of them inside another one or around what stays."""
    roles = definition.instance.roles
    wanted = (*ALWAYS, *WITH_DATA) if data else ALWAYS
    chosen = {world.paths[name] for role in wanted for name in roles.get(role, ()) if name in world.paths}
    return sorted(path for path in chosen if not any(_within(path, other) for other in chosen))


def staying(definition: Definition, world: World, *, data: bool) -> list[str]:
    """The instance's own paths that stay where they are."""
    roles = definition.instance.roles
    kept = ("backups",) if data else (*WITH_DATA, "backups")
    return sorted({world.paths[name] for role in kept for name in roles.get(role, ()) if name in world.paths})


def _within(path: str, other: str) -> bool:
    return path.startswith(f"{other}/")


def _steps(world: World, instance: Described, paths: list[str]) -> list[PlannedStep]:
    facts = p.Judge(hop=1, checks=(p.Asked(kind="facts"),))
    forget = Forget(instance=instance, top=world.outside)
    return [
        planned("judge", facts, _("see that it is as it was when this was planned"), "prepare"),
        reserve(world),
        hold(world, "switch", coming=True),
        *_site(world),
        stop_all(world, "switch"),
        *(_away(path) for path in paths),
        *_services(world),
        release(world, "switch", coming=True),
        planned("forget", forget, _("forget {instance}", instance=world.instance), "switch"),
    ]


def _site(world: World) -> list[PlannedStep]:
    """First of all: nobody shall be led to services that are gone."""
    site = world.site
    if site is None or site.server != "nginx":
        return []
    params = RemoveSite(instance=world.instance, server=site.server, site=site.name, file=site.file)
    return [planned("remove-site", params, _("take the site {name} away", name=site.name or site.file or ""), "switch")]


def _services(world: World) -> list[PlannedStep]:
    """Behind the hold, which keeps also what is not there any more from being started."""
    units = tuple(service.unit for service in world.services if service.unit is not None)
    if world.driver != "systemd" or not units:
        return []
    params = RemoveServices(instance=world.instance, units=units)
    return [planned("remove-services", params, _("take the units {units} away", units=", ".join(units)), "switch")]


def _away(path: str) -> PlannedStep:
    folder, _slash, name = path.rpartition("/")
    params = p.Remove(folder=folder, names=(_literal(name),))
    return planned("remove", params, _("move {path} into the restore point", path=path), "switch")


def _literal(name: str) -> str:
    """The name as a pattern that fits nothing else."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
