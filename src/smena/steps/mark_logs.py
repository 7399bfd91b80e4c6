"""mark-logs: remember where logs end before a start, so that only what comes after counts."""

from __future__ import annotations

from smena.host import marks
from smena.plan.params import MarkLogs
from smena.run.step import Done
from smena.steps.tools import World


def do(p: MarkLogs, ctx: World) -> Done:
    marks.take(ctx.tools.folder, p.slot, p.globs)
    return Done()
