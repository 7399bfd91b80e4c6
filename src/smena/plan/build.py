"""Builds the plan of an upgrade: pure, one small function a phase."""

from __future__ import annotations

from smena.definition.model import Definition
from smena.plan import prepare, switch
from smena.plan.forecast import forecast
from smena.plan.kept import kept_paths, own_folders
from smena.plan.model import HopShown, Plan, PlannedStep, RiskShown
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.text import Text, _


def build(request: Request) -> Plan:
    """The frozen list of steps from the measured version to the target, with all that a person must know."""
    world = request.world
    steps = [*prepare.prepare_steps(request), *_switch(request)]
    return Plan(
        kind="upgrade",
        product=world.product,
        instance=world.instance,
        platform=world.platform,
        from_=request.hops[0].from_,
        to=request.hops[-1].to,
        edition=world.edition,
        outside=own_folders(world),
        hops=tuple(_shown(request)),
        steps=tuple(steps),
        risks=tuple(_risks(request)),
        accepted=request.options.accepted,
        external=tuple(_external(request.definition)),
        config=request.merged,
        facts=world.facts,
        hashes=request.hashes,
        forecast=forecast(request, kept_paths(request)),
        rollback_when_open=request.options.rollback_when_open,
        probation=request.options.probation,
        smena=request.smena,
    )


def _switch(request: Request) -> list[PlannedStep]:
    kept: set[str] = set()
    hops = [Hop(request, number) for number in range(1, len(request.hops) + 1)]
    steps: list[PlannedStep] = []
    for hop in hops:
        steps += switch.hop_steps(hop, kept, is_down=switch.stops(steps))
    return [*steps, *switch.opening(hops[-1])]


def _shown(request: Request) -> list[HopShown]:
    return [
        HopShown(
            from_=hop.from_,
            to=hop.to,
            procedure=hop.procedure,
            data=hop.data,
            risks=tuple(risk.name for risk in hop.risks),
            licence=hop.licence,
        )
        for hop in request.hops
    ]


def _risks(request: Request) -> list[RiskShown]:
    """Each risk once, with the hops that carry it."""
    hops: dict[str, list[str]] = {}
    for hop in request.hops:
        for risk in hop.risks:
            hops.setdefault(risk.name, []).append(f"{hop.from_} → {hop.to}")
    whys = {risk.name: risk.why for hop in request.hops for risk in hop.risks}
    return [RiskShown(name=name, why=whys[name], hops=tuple(where)) for name, where in hops.items()]


def _external(definition: Definition) -> list[Text]:
    return [
        _("{name} is a service of its own: no restore point holds its data", name=item.title or item.name)
        for item in definition.external
    ]
