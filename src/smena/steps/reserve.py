"""reserve: hold room back on every device, so that journal and undo can write when it is full."""

from __future__ import annotations

from pathlib import Path

from smena.host import reserve
from smena.host.paths import decode
from smena.plan.params import Reserve
from smena.run.step import Done, Kind
from smena.steps.tools import World


def do(p: Reserve, ctx: World) -> Done:
    for folder in p.folders:
        reserve.hold(_place(ctx, folder), p.bytes)
    return Done()


def give_back(p: Reserve, ctx: World) -> None:
    for folder in p.folders:
        reserve.free(_place(ctx, folder))


def _place(ctx: World, folder: str) -> Path:
    """The home's device is the one the journal lies on: the run's own folder. Elsewhere it is the restore point's."""
    path = Path(decode(folder))
    return ctx.tools.folder if path == ctx.tools.home else ctx.tools.point.folder(path)


KIND = Kind(name="reserve", params=Reserve, do=do, undo=give_back, cleanup=give_back)
