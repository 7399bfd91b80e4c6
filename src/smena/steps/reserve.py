"""reserve: hold room back on every device, so that journal and undo can write when it is full.

Where it lies is recorded: on a full disk nobody can look for a place any more.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.host import reserve
from smena.host.paths import decode, encode
from smena.journal.journal import Journal
from smena.plan.params import Reserve
from smena.run.step import Done
from smena.steps.tools import World

NAME = "reserve"


class Held(msgspec.Struct, frozen=True):
    """The folders of ours in which it lies."""

    places: tuple[str, ...]


def do(p: Reserve, ctx: World) -> Done:
    held = ctx.recorded(Held)
    if held is None:
        held = Held(tuple(encode(_place(ctx, Path(decode(folder)))) for folder in p.folders))
        ctx.record(held)
    for place in held.places:
        reserve.hold(Path(decode(place)), p.bytes)
    return Done()


def give_back(p: Reserve, ctx: World) -> None:
    held = ctx.recorded(Held)
    if held is not None:
        _free(held)
        return
    for folder in p.folders:  # a death while a place was looked for
        ctx.tools.point.tidy(Path(decode(folder)))


def relieve(journal: Journal) -> bool:
    """Give a run's reserves free, because a disk is full; true if there were any."""
    records = [step.record for step in journal.steps() if step.kind == NAME and step.record is not None]
    return _free(Held(tuple(place for record in records for place in msgspec.json.decode(record, type=Held).places)))


def _free(held: Held) -> bool:
    given = False
    for place in map(Path, map(decode, held.places)):
        if reserve.held(place):
            given = True
            reserve.free(place)
    return given


def _place(ctx: World, folder: Path) -> Path:
    """The home's device is the one the journal lies on: the run's own folder. Elsewhere it is the restore point's."""
    return ctx.tools.folder if folder == ctx.tools.home else ctx.tools.point.folder(folder)
