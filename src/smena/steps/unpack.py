"""unpack: a version's folder beside the older ones, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from smena.drivers import archive
from smena.host import files, removal
from smena.host.paths import decode
from smena.plan.params import Unpack
from smena.run.step import Done
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import _


def do(p: Unpack, ctx: World) -> Done:
    target = Path(decode(p.to))
    with alone_with(p.to, ctx):
        files.make_folder(target.parent)
        there = archive.unpack(Path(decode(p.file)), target, strip=p.strip, owner=p.owner)
    return Done(_("{folder} was there already, and is the same", folder=p.to) if there else None)


def undo(p: Unpack, ctx: World) -> None:
    """A version's folder is shared, and nothing starts because it is there: it stays. A half of one goes."""
    half = files.temporary(Path(decode(p.to)))
    if files.there(half):
        with alone_with(p.to, ctx):
            removal.remove_tree(half)
