"""keep-registry: a key of the Windows registry as it is now, in the run's folder; undo makes it that again.

Where the key defines a service, undo makes the service manager follow too: a service that an installer took away is
made again, under the same name, before its values come back. With `back_to` it becomes what an earlier run had kept.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.drivers import registry, service_keys
from smena.host import files
from smena.host.native import attributes
from smena.plan.windows_params import KeepRegistry
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


class KeptKey(msgspec.Struct, frozen=True):
    """Whether the key was there."""

    there: bool


def do(p: KeepRegistry, ctx: World) -> Done:
    kept = ctx.recorded(KeptKey)
    if kept is None:
        files.make_folder(_place(p, ctx).parent, attributes.own(0o700))
        kept = KeptKey(registry.keep(p.key, _place(p, ctx)))
        ctx.record(kept)
    if p.back_to is not None:
        faults.point("keep-registry.kept")
        _go_back(p, ctx.tools.folder.parent / p.back_to / _within(p.of), ctx)
        return Done()
    return Done(None if kept.there else _("{path} is not there: undo takes away what comes to be there", path=p.key))


def undo(p: KeepRegistry, ctx: World) -> None:
    kept = ctx.recorded(KeptKey)
    if kept is not None:
        service_keys.put_back(p.key, _place(p, ctx) if kept.there else None)


def _go_back(p: KeepRegistry, kept: Path, ctx: World) -> None:
    service_keys.put_back(p.key, kept if kept.exists() else None)
    if p.services:
        ctx.tools.holds.hold(p.instance, p.services, coming=True)


def _place(p: KeepRegistry, ctx: World) -> Path:
    return ctx.tools.folder / _within(p.slot)


def _within(slot: str) -> Path:
    """Inside a run's folder."""
    return Path("registry") / f"{slot}.reg"
