"""The built-in Comindware definition can be planned on Linux, over the whole chain."""

from __future__ import annotations

from functools import cache

from smena.definition.graph import Graph
from smena.definition.model import Definition, PlatformSpec
from smena.definition.path import find
from smena.definition.templates import names_in, render
from smena.definition.values import Read, Value
from smena.plan.build import build
from smena.plan.model import Plan, PlannedStep
from smena.plan.params import ServiceSpec
from smena.plan.request import HopIn, Request
from smena.plan.world import PackageSpec, SiteSpec, World
from support.builtin import builtin

PROBE = "http://127.0.0.1:80/"


def written(value: Value | None) -> str:
    """What a value is where the product's own file does not say otherwise."""
    return (value.default or "") if isinstance(value, Read) else (value or "")


def lookups(definition: Definition, spec: PlatformSpec) -> dict[str, str]:
    """Everything that templates may look up on a Debian host where all is at its default."""
    templates = {f"paths.{name}": written(value) for name, value in spec.paths.items()}
    templates |= {f"settings.{name}": written(s.default) for name, s in definition.instance.settings.items()}
    known = {f"family.{name}": value for name, value in spec.os_family["debian"].items()}
    known |= {"name": "N", "product": definition.product, "home": "/var/lib/smena", "site.probe": PROBE}
    while templates:
        ready = {name for name, template in templates.items() if set(names_in(template)) <= set(known)}
        assert ready, templates
        known |= {name: render(templates.pop(name), known) for name in ready}
    return known


@cache
def plan() -> Plan:
    definition = builtin("comindware-platform")
    spec = definition.instance.linux
    assert spec
    known = lookups(definition, spec)
    world = World(
        instance="N",
        product=definition.product,
        platform="linux",
        version="3.5",
        family="debian",
        lookups=known,
        paths={name: known[f"paths.{name}"] for name in spec.paths},
        services=tuple(ServiceSpec(name=s.name, unit=render(s.unit or "", known)) for s in spec.services),
        site=SiteSpec(server="nginx", url="http://localhost:80/", probe=PROBE),
        outside="/var/www/N",
        home="/var/lib/smena",
    )
    hops = tuple(
        HopIn(from_=hop.from_, to=hop.to, procedure=hop.edge.procedure, data=hop.edge.data)
        for hop in find(Graph(definition), "3.5", "5.0").hops
    )
    packages = tuple(
        PackageSpec(component="platform", version=hop.to, file=f"/releases/{hop.to}.tar.gz", sha256="0" * 64, size=1)
        for hop in hops
    )
    return build(Request(definition=definition, world=world, hops=hops, packages=packages))


def steps(kind: str) -> list[PlannedStep]:
    return [step for step in plan().steps if step.kind == kind]


def test_every_hop_is_there() -> None:
    assert [hop.to for hop in plan().hops] == ["3.5.1058", "3.5.1076", "3.5.1100", "4.2", "4.7.3", "5.0"]


def test_versions_are_installed_beside_the_old_before_the_stop() -> None:
    assert [step.phase for step in steps("run-vendor")] == ["prepare"] * 6


def test_every_hop_converts_and_the_database_is_kept_once_before() -> None:
    kinds = [step.kind for step in plan().steps]
    assert {step.hop for step in steps("start-converting")} == {1, 2, 3, 4, 5, 6}
    database = "/var/lib/comindware/N/Database"
    kept = [step.kind == "keep" and database in bytes(step.params).decode() for step in plan().steps]
    assert kept.index(True) < kinds.index("start-converting")


def test_only_the_old_hops_need_a_person() -> None:
    assert {step.hop for step in steps("manual")} == {1, 2, 3, 4}


def test_logs_are_awaited_from_4_2_on_and_caches_go_at_last() -> None:
    assert {step.hop for step in steps("await-log")} == {4, 5, 6}
    workers, caches = steps("remove")
    assert (workers.hop, caches.hop) == (5, 6)
    assert "Workers.config" in bytes(workers.params).decode()
    assert "/var/lib/comindware/N/Database/db" in bytes(caches.params).decode()
