"""stop: services, the last first. Undo starts again those that ran, and only those."""

from __future__ import annotations

import msgspec

from smena.plan.params import Stop
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


class Ran(msgspec.Struct, frozen=True):
    """The services that ran before."""

    names: tuple[str, ...]


def do(p: Stop, ctx: World) -> Done:
    services = ctx.tools.services
    ran = ctx.recorded(Ran)
    if ran is None:
        ran = Ran(tuple(spec.name for spec in services.those_running(p.services)))
        ctx.record(ran)
    for spec in reversed(p.services):
        services.stop(spec, kill=p.kill)
    return Done(_("nothing ran") if not ran.names else None)


def undo(p: Stop, ctx: World) -> None:
    """Nothing was recorded: then nothing was stopped."""
    ran = ctx.recorded(Ran)
    if not p.back or ran is None:
        return
    for spec in p.services:
        if spec.name in ran.names:
            ctx.tools.services.start(spec)
