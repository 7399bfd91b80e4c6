"""owner: give files to the account that the product runs under; undo gives them back, each to whom it belonged."""

from __future__ import annotations

import os
from pathlib import Path

from smena.host import owners
from smena.host.paths import decode
from smena.plan.params import Owner
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Owner, ctx: World) -> Done:
    """The old owners are listed durably first; the list may be long, so it is a file."""
    wanted = owners.resolve(p.owner, p.group)
    changed = 0
    for number, path in enumerate(p.paths):
        tree = Path(os.path.realpath(decode(path)))
        record = ctx.tools.folder / f"owners-{ctx.seq}-{number}.list"
        changed += ctx.tools.point.own(ctx.seq, tree, wanted, record)
    return Done(_("{count} changed owner", count=changed))


def undo(_p: Owner, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
