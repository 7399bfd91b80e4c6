"""Making a plan: measure, find the path, work out the merges, build. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from smena import __version__
from smena.checks.before.facts import definition_hash
from smena.checks.check import Finding, judged
from smena.checks.table import ask_all
from smena.definition.graph import Graph
from smena.definition.hop import Hop as Way
from smena.definition.model import Definition
from smena.definition.path import find
from smena.definition.steps import InstallPackage
from smena.definition.when import World as Known
from smena.errors import AlreadyThere, ReleaseMissing
from smena.host import digest
from smena.host.paths import decode, encode
from smena.instances import registry
from smena.instances.world import measure
from smena.intake import definitions, hand
from smena.intake.shelf import Package
from smena.keys.pins import Pins
from smena.plan.build import build
from smena.plan.merges import all_merges
from smena.plan.model import Plan
from smena.plan.params import Asked, Judge
from smena.plan.request import HopIn, Options, Request, RiskIn
from smena.plan.world import PackageSpec, World
from smena.service.preview import preview
from smena.service.scene import scene_of
from smena.text import Text, _


def make(home: Path, name: str, to: str, options: Options) -> Plan:
    """The plan of an upgrade, with everything that a person must know before."""
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    world = measure(definition, instance, home)
    hops = find_hops(home, definition, world, to)
    if not hops:
        raise AlreadyThere(
            _("{instance} runs {version} already", instance=name, version=world.version),
            state=_("nothing was changed"),
        )
    packages = _packages(home, definition, world, hops)
    request = Request(
        definition=definition,
        world=world,
        hops=tuple(_hop(hop, world, definition) for hop in hops),
        packages=packages,
        options=options,
        smena=__version__,
    )
    merged = preview(request)
    return build(msgspec.structs.replace(request, merged=merged, hashes=_hashes(request)))


def find_hops(home: Path, definition: Definition, world: World, to: str) -> list[Way]:
    """The path from the measured version, over releases whose files are at hand where there is a choice."""
    graph = Graph(definition, (world.version,), hand.versions(home, definition, world))
    return list(find(graph, world.version, to, known(world)).hops)


def known(world: World) -> Known:
    """The measured world as conditions see it."""
    prefix = "settings."
    settings = {name.removeprefix(prefix): v for name, v in world.lookups.items() if name.startswith(prefix)}
    return Known(
        edition=world.edition,
        platform=world.platform,
        os_family=world.family or None,
        components=world.components,
        settings=settings,
        facts=world.facts,
    )


def findings(home: Path, plan: Plan, pins: Pins | None = None) -> list[Finding]:
    """Everything that can be asked now, of every hop: all answers at once, the accepted ones marked."""
    scene = scene_of(home, plan, pins=pins)
    asked: dict[bytes, Asked] = {}
    for step in plan.steps:
        if step.kind == "judge":
            for item in msgspec.json.decode(step.params, type=Judge).checks:
                asked.setdefault(msgspec.json.encode(item), item)
    return judged(ask_all(asked.values(), scene), plan.accepted)


def _hop(hop: Way, world: World, definition: Definition) -> HopIn:
    release = next((r.version for r in definition.releases if r.version == world.facts.get("release")), "")
    return HopIn(
        from_=hop.from_,
        to=hop.to,
        procedure=hop.edge.procedure,
        data=hop.edge.data,
        risks=tuple(RiskIn(risk.name, risk.why) for risk in (*hop.risks, *hop.unjudged)),
        licence=hop.edge.licence,
        software={need.name: tuple(need.versions) for need in hop.software},
        from_release=release if hop.from_ == world.version else "",
    )


def _packages(home: Path, definition: Definition, world: World, hops: Iterable[Way]) -> tuple[PackageSpec, ...]:
    """Every file of every hop, or one refusal that lists all that are missing."""
    found: list[PackageSpec] = []
    missing: list[Text] = []
    for hop in hops:
        here = hand.at_hand(home, definition, hop.to, world)
        found += [package_spec(home, hop.to, package) for package in here.packages]
        missing += here.missing
        found += [package_spec(home, hop.from_, package) for package in _old(home, definition, hop, world)]
    if missing:
        raise ReleaseMissing(
            _("files of the upgrade are not at hand"),
            why=missing,
            state=_("nothing was changed"),
            hint=_("smena release add FILE"),
        )
    return tuple(found)


def _old(home: Path, definition: Definition, hop: Way, world: World) -> list[Package]:
    """The packages of the version that a hop begins with, where a way back may need them and they are at hand."""
    steps = definition.procedures[hop.edge.procedure]
    if not any(isinstance(step.params, InstallPackage) and step.params.back == "old-package" for step in steps):
        return []
    names = dict.fromkeys((hop.from_, world.facts.get("release", "") if hop.from_ == world.version else ""))
    every = [hand.at_hand(home, definition, name, world).packages for name in names if name]
    return list({package.component: package for packages in every for package in packages}.values())


def package_spec(home: Path, version: str, package: Package) -> PackageSpec:
    return PackageSpec(
        component=package.component,
        version=version,
        file=encode(package.path(home)),
        sha256=package.sha256,
        size=package.size,
        unpacked=package.unpacked,
    )


def _hashes(request: Request) -> dict[str, str]:
    """Of the definition, the packages, and the configuration files as they are now."""
    hashes = {"definition": definition_hash(request.definition)}
    hashes |= {f"package:{package.file}": package.sha256 for package in request.packages}
    for items in all_merges(request).values():
        for item in items:
            path = Path(decode(item.file))
            if path.is_file():
                hashes[f"config:{item.file}"] = digest.sha256(path).hex
    return hashes
