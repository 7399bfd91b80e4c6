"""owner: give files to the account that the product runs under; undo gives them back, each to whom it belonged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smena.host import listing, owners
from smena.host.paths import decode
from smena.plan.params import Owner
from smena.run.step import Done, Kind
from smena.steps.tools import World
from smena.text import _


def do(p: Owner, ctx: World) -> Done:
    """The old owners are listed durably first; the list may be long, so it is a file."""
    record = _list(ctx)
    if not record.exists():
        with listing.written(record) as write:
            for entry in _entries(p):
                write(entry)
    wanted = owners.resolve(p.owner, p.group)
    changed = owners.give(listing.read(record, owners.Owned), wanted)
    return Done(_("{count} changed owner", count=changed))


def undo(_p: Owner, ctx: World) -> None:
    record = _list(ctx)
    if record.exists():
        owners.give_back(listing.read(record, owners.Owned))


def _entries(p: Owner) -> Iterator[owners.Owned]:
    for path in p.paths:
        yield from owners.below(Path(decode(path)))


def _list(ctx: World) -> Path:
    return ctx.tools.folder / f"owners-{ctx.seq}.list"


KIND = Kind(name="owner", params=Owner, do=do, undo=undo)
