"""The plan of a rollback: what earlier runs kept and what is there now change places, under the hold."""

from __future__ import annotations

from collections.abc import Sequence

from smena.definition.model import Definition
from smena.plan import params as p
from smena.plan.around import hold, open_page, page, release, reserve, stop_all
from smena.plan.authored import names
from smena.plan.kept import own_folders
from smena.plan.model import HopShown, Plan, PlannedStep, in_phase, planned
from smena.plan.prepare import environment
from smena.plan.windows_params import SitePath
from smena.plan.world import World
from smena.text import _


def build_rollback(
    definition: Definition, world: World, runs: Sequence[str], to: str, *, smena: str, places: Sequence[SitePath] = ()
) -> Plan:
    """Back to the version before the oldest of these runs; the newest is taken back first.

    `places`: folders that those runs had the web server take, to be set back; no file holds them.
    """
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
        steps=tuple(_with_places(_steps(definition, world, runs, to), places, _environment(definition, world, runs))),
        facts=world.facts,
        smena=smena,
    )


def _steps(definition: Definition, world: World, runs: Sequence[str], to: str) -> list[PlannedStep]:
    back = [
        planned("put-back", p.PutBack(run=run), _("put back what run {run} kept", run=run), "switch") for run in runs
    ]
    start = p.Start(instance=world.instance, services=world.services)
    asked = tuple(p.Asked(kind=kind) for kind in ("facts", "mounted", "units"))
    return [
        planned("judge", p.Judge(hop=1, checks=asked), _("ask everything before going back"), "prepare"),
        reserve(world),
        hold(world, "switch"),
        page(world, "switch"),
        stop_all(world, "switch"),
        *back,
        planned("start", start, _("start {services}", services=names(world.services)), "switch"),
        _check(world, to),
        release(world, "closed"),
        open_page(world, "open"),
        planned("fingerprint", p.Fingerprint(trees=_trees(definition, world)), _("remember what users find"), "open"),
    ]


def _environment(definition: Definition, world: World, runs: Sequence[str]) -> list[PlannedStep]:
    """As it was before the oldest of these runs."""
    return [in_phase(step, "switch") for step in environment(definition, world, runs[-1])]


def _with_places(
    steps: list[PlannedStep], places: Sequence[SitePath], variables: Sequence[PlannedStep]
) -> list[PlannedStep]:
    """Set back after the files, before anything starts."""
    last = max(at for at, step in enumerate(steps) if step.kind == "put-back") + 1
    back = [*variables] + [
        planned("site-path", one, _("point {directory} at {path}", directory=one.directory, path=one.path), "switch")
        for one in places
    ]
    return [*steps[:last], *back, *steps[last:]]


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
