"""secrets, register, describe and forget: what this home knows of an instance, as steps with their undo.

The order of `register` makes a death harmless, as in `adopt`: first the marker, then the registry.
`forget` is the same backwards. What a step met is recorded before it changes anything, so that undo
never forgets an instance that somebody else registered.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.errors import InstanceExists, SecretUnknown
from smena.host.paths import decode
from smena.instances import marker, registry, secrets
from smena.instances.instance import Instance
from smena.plan.life_params import Describe, Described, Forget, Register, Secrets
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _, plain


class Met(msgspec.Struct, frozen=True):
    """What the registry said before."""

    instance: Instance | None = None


def instance_of(described: Described) -> Instance:
    return msgspec.convert(described, Instance)


# --- secrets -------------------------------------------------------------------------


def do_secrets(p: Secrets, ctx: World) -> Done:
    known = secrets.names(ctx.tools.home, p.instance)
    missing = [name for name in p.names if name not in known]
    if missing:
        raise SecretUnknown(
            _("secrets of {instance} are not known any more", instance=p.instance), why=[*map(plain, missing)]
        )
    return Done()


def undo_secrets(p: Secrets, ctx: World) -> None:
    secrets.forget(ctx.tools.home, p.instance)


# --- register ------------------------------------------------------------------------


def do_register(p: Register, ctx: World) -> Done:
    wanted, home = instance_of(p.instance), ctx.tools.home
    if ctx.recorded(Met) is None:
        if registry.find(home, wanted.name) is not None:
            raise InstanceExists(
                _("there is an instance {name} already", name=wanted.name),
                hint=plain(f"smena instance show {wanted.name}"),
            )
        marker.check(home, Path(decode(p.top)), wanted.name)
        ctx.record(Met())
    marker.claim(home, Path(decode(p.top)), wanted.name)
    faults.point("register.claimed")
    if registry.find(home, wanted.name) is None:
        registry.add(home, wanted)
    return Done()


def undo_register(p: Register, ctx: World) -> None:
    if ctx.recorded(Met) is None:
        return
    wanted, home = instance_of(p.instance), ctx.tools.home
    if registry.find(home, wanted.name) is not None:
        registry.remove(home, wanted.name)
    faults.point("register.removed")
    marker.release(home, Path(decode(p.top)), wanted.name)


# --- describe ------------------------------------------------------------------------


def do_describe(p: Describe, ctx: World) -> Done:
    wanted, home = instance_of(p.instance), ctx.tools.home
    if ctx.recorded(Met) is None:
        ctx.record(Met(registry.get(home, wanted.name)))
    registry.update(home, wanted)
    return Done()


def undo_describe(_p: Describe, ctx: World) -> None:
    met = ctx.recorded(Met)
    if met is not None and met.instance is not None:
        registry.update(ctx.tools.home, met.instance)


# --- forget --------------------------------------------------------------------------


def do_forget(p: Forget, ctx: World) -> Done:
    """The marker goes last: as long as it is there, nobody else takes what is left for his own."""
    wanted, home = instance_of(p.instance), ctx.tools.home
    if ctx.recorded(Met) is None:
        ctx.record(Met(registry.get(home, wanted.name)))
    ctx.tools.point.move_away(ctx.seq, secrets.place(home, wanted.name))
    if registry.find(home, wanted.name) is not None:
        registry.remove(home, wanted.name)
    faults.point("forget.removed")
    marker.release(home, Path(decode(p.top)), wanted.name)
    return Done()


def undo_forget(p: Forget, ctx: World) -> None:
    met, home = ctx.recorded(Met), ctx.tools.home
    if met is None or met.instance is None:
        return
    marker.claim(home, Path(decode(p.top)), met.instance.name)
    if registry.find(home, met.instance.name) is None:
        registry.add(home, met.instance)
    registry.update(home, met.instance)  # as it was, with the day on which it was added
    ctx.tools.point.put_back(ctx.seq)
