"""The plan by which an instance comes to be: its version beside the others, what the definition says, and a proof.

Nothing of it is there before, so everything goes on the way back. It is registered before it is started:
whatever runs on a host is known to a home of smena.
"""

from __future__ import annotations

import msgspec

from smena.definition.checks import Check
from smena.plan import params as p
from smena.plan.around import hold, release
from smena.plan.authored import switch_steps
from smena.plan.forecast import forecast
from smena.plan.kept import own_folders
from smena.plan.life_params import Described, Register, Secrets
from smena.plan.model import HopShown, Plan, PlannedStep, planned
from smena.plan.prepare import merges, packages, required_software
from smena.plan.request import Request
from smena.plan.resolve import Hop
from smena.plan.services import names
from smena.plan.switch import after_checks, keeps, marks, notices
from smena.text import _

PROCEDURE = "create"
_NOT_YET = ("answers", "closed")
"""Questions about an instance that is there."""


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """What is new: as a person described it, and as the registry will have it."""

    described: Described
    registered: Described
    secrets: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()


def build_create(request: Request, newcomer: Newcomer) -> Plan:
    """One hop from nothing: the definition's `create` is its procedure."""
    world, hop = request.world, Hop(request, 1)
    shown = HopShown(from_="", to=world.version, procedure=PROCEDURE, data="same")
    return Plan(
        kind="create",
        product=world.product,
        instance=world.instance,
        platform=world.platform,
        from_="",
        to=world.version,
        edition=world.edition,
        outside=own_folders(world),
        created=newcomer.described,
        hops=(shown,),
        steps=(*_prepare(hop, newcomer), *_switch(hop, newcomer)),
        config=request.merged,
        hashes=request.hashes,
        forecast=forecast(request, []),
        smena=request.smena,
    )


def _prepare(hop: Hop, newcomer: Newcomer) -> list[PlannedStep]:
    made = []
    if newcomer.secrets:
        secrets = Secrets(instance=hop.request.world.instance, names=newcomer.secrets)
        made.append(planned("secrets", secrets, _("the secrets that were given are at hand"), "prepare"))
    reserve = p.Reserve(folders=(hop.request.world.home,))
    return [
        *made,
        _judge(hop, newcomer),
        planned("reserve", reserve, _("hold room back for the way back"), "prepare"),
        *packages(hop),
        *merges(hop.request),
    ]


def _judge(hop: Hop, newcomer: Newcomer) -> PlannedStep:
    definition = hop.request.definition
    authored: list[Check] = [c for c in definition.before if c.kind not in _NOT_YET and hop.applies(c.when)]
    checks = (
        p.Asked(kind="packages"),
        p.Asked(kind="room"),
        *(p.Asked(kind="port-free", question={"port": port}) for port in newcomer.ports),
        *required_software(hop),
        *(hop.asked(check) for check in authored),
    )
    unique = tuple({msgspec.json.encode(asked): asked for asked in checks}.values())
    params = p.Judge(hop=1, checks=unique, accepted=hop.request.options.accepted)
    title = _("ask everything before {instance} is made", instance=hop.request.world.instance)
    return planned("judge", params, title, "prepare", hop=1)


def _switch(hop: Hop, newcomer: Newcomer) -> list[PlannedStep]:
    world = hop.request.world
    kept: set[str] = set()
    made = [hold(world, "switch", coming=True)]
    registered = False
    for step in hop.procedure():
        if step.kind in ("start", "await-http", "await-log") and not registered:
            made += [_register(hop, newcomer), *marks(hop)]
            registered = True
        made += [*keeps(hop, step, kept), *switch_steps(hop, step)]
    if not registered:
        made += [_register(hop, newcomer), *marks(hop)]
    if not any(step.kind in ("start", "start-converting") for step in made):
        start = p.Start(instance=world.instance, services=world.services)
        made.append(planned("start", start, _("start {services}", services=names(world.services)), "switch", hop=1))
    return [*made, _check(hop), release(world, "closed", coming=True), *notices(hop.request)]


def _register(hop: Hop, newcomer: Newcomer) -> PlannedStep:
    world = hop.request.world
    params = Register(instance=newcomer.registered, top=world.outside)
    return planned("register", params, _("register {instance}", instance=world.instance), "switch", hop=1)


def _check(hop: Hop) -> PlannedStep:
    """That it answers, and that it is what the plan says: its own files tell the same version, paths and settings."""
    world = hop.request.world
    params = p.Check(
        hop=1, checks=(*after_checks(hop), p.Asked(kind="as-wanted", question={"facts": world.facts})), facts=True
    )
    return planned("check", params, _("check that {version} works", version=hop.step.to), "closed", hop=1)
