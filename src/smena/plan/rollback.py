"""The plan of a rollback: what earlier runs kept and what is there now change places, under the hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from smena.definition.model import Definition
from smena.plan import params as p
from smena.plan.around import hold, open_page, page, release, reserve, stop_all
from smena.plan.kept import keep, own_folders
from smena.plan.model import HopShown, Plan, PlannedStep, in_phase, planned
from smena.plan.prepare import environment
from smena.plan.services import held_names, names
from smena.plan.windows_params import KeepRegistry, PackageBack, SitePath
from smena.plan.world import World
from smena.text import _


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What those runs changed beside files, the newest first: it has books of its own, which no file holds."""

    places: tuple[SitePath, ...] = ()
    """Folders that the web server took, to be set back."""
    packages: tuple[PackageBack, ...] = ()
    keys: tuple[KeepRegistry, ...] = ()
    """Keys of the registry that were kept."""


def build_rollback(
    definition: Definition, world: World, runs: Sequence[str], to: str, *, smena: str, beside: Beside
) -> Plan:
    """Back to the version before the oldest of these runs; the newest is taken back first."""
    return Plan(
        kind="rollback",
        product=world.product,
        instance=world.instance,
        platform=world.platform,
        from_=world.version,
        to=to,
        edition=world.edition,
        outside=own_folders(world),
        undoes=tuple(runs),
        hops=(HopShown(from_=world.version, to=to, procedure="rollback", data="same"),),
        steps=tuple(_steps(definition, world, runs, to, beside)),
        facts=world.facts,
        smena=smena,
    )


def _steps(definition: Definition, world: World, runs: Sequence[str], to: str, beside: Beside) -> list[PlannedStep]:
    back = [
        planned("put-back", p.PutBack(run=run), _("put back what run {run} kept", run=run), "switch") for run in runs
    ]
    start = p.Start(instance=world.instance, services=world.services)
    installers = ["accounts"] if beside.packages else []
    asked = tuple(p.Asked(kind=kind) for kind in ("facts", "mounted", "units", *installers))
    return [
        planned("judge", p.Judge(hop=1, checks=asked), _("ask everything before going back"), "prepare"),
        reserve(world),
        hold(world, "switch"),
        page(world, "switch"),
        stop_all(world, "switch"),
        *_packages(beside),
        *back,
        *_keys(world, beside.keys),
        *_environment(definition, world, runs),
        *_places(beside.places),
        planned("start", start, _("start {services}", services=names(world.services)), "switch"),
        _check(world, to),
        release(world, "closed"),
        open_page(world, "open"),
        planned("fingerprint", p.Fingerprint(trees=_trees(definition, world)), _("remember what users find"), "open"),
    ]


def _environment(definition: Definition, world: World, runs: Sequence[str]) -> list[PlannedStep]:
    """As it was before the oldest of these runs."""
    return [in_phase(step, "switch") for step in environment(definition, world, runs[-1])]


def _packages(beside: Beside) -> Iterator[PlannedStep]:
    """Before the files: an installer writes its own. What it changes is kept, because its undo is an installer too."""
    changed = [path for one in beside.packages for path in one.changes] + [one.key for one in beside.keys]
    for path in dict.fromkeys(changed):
        yield keep(path, _("keep {path} as it is now", path=path), "switch")
    for one in beside.packages:
        title = _("have installed again what was before: {names}", names=", ".join(sorted(one.went.values())))
        yield planned("package-back", one, title, "switch")


def _keys(world: World, keys: Sequence[KeepRegistry]) -> Iterator[PlannedStep]:
    """After the installers, which define services anew; what a boot would start by that is held again."""
    services = held_names(world.services)
    for one in keys:
        held = msgspec.structs.replace(one, instance=world.instance, services=services)
        yield planned("keep-registry", held, _("put back {path}", path=one.key), "switch")


def _places(places: Sequence[SitePath]) -> Iterator[PlannedStep]:
    """After the files, before anything starts."""
    for one in places:
        title = _("point {directory} at {path}", directory=one.directory, path=one.path)
        yield planned("site-path", one, title, "switch")


def _check(world: World, to: str) -> PlannedStep:
    """The version is the old one, the services are up, the site answers."""
    checks = [p.Asked(kind="services"), p.Asked(kind="version", question={"is": to})]
    if world.site is not None:
        checks.append(p.Asked(kind="http", question={"url": world.site.probe, "status": 200}))
    params = p.Check(hop=1, checks=tuple(checks), facts=True)
    return planned("check", params, _("check that {version} works", version=to), "closed")


def _trees(definition: Definition, world: World) -> dict[str, str]:
    roles = definition.instance.roles
    chosen = (*roles.get("configuration", ()), *roles.get("data", ()), *roles.get("uploads", ()))
    return {str(name): world.paths[name] for name in chosen if name in world.paths}
