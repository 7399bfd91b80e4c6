"""keep-registry: a key of the Windows registry as it is now, in the run's folder; undo makes it that again.

Where the key defines a service, undo makes the service manager follow too: a service that an installer took away is
made again, under the same name, before its values come back.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

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
    return Done(None if kept.there else _("{path} is not there: undo takes away what comes to be there", path=p.key))


def undo(p: KeepRegistry, ctx: World) -> None:
    kept = ctx.recorded(KeptKey)
    if kept is not None:
        service_keys.put_back(p.key, _place(p, ctx) if kept.there else None)


def _place(p: KeepRegistry, ctx: World) -> Path:
    return ctx.tools.folder / "registry" / f"{p.slot}.reg"
