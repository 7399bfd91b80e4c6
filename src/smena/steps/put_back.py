"""put-back: the restore point of an earlier run and what lies there now change places."""

from __future__ import annotations

from smena.journal.journal import Journal
from smena.plan.params import PutBack
from smena.restore.exchange import Exchange
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: PutBack, ctx: World) -> Done:
    old = Journal.read(ctx.tools.folder.parent / p.run)
    try:
        count = Exchange(ctx.tools.point, ctx.seq).carry(old)
    finally:
        old.close()
    return Done(_("{count} places put back as they were before run {run}", count=count, run=p.run))


def undo(_p: PutBack, ctx: World) -> None:
    Exchange(ctx.tools.point, ctx.seq).undo()
