"""render: write a file from a template that the package brings; what lay there is kept."""

from __future__ import annotations

from pathlib import Path

from smena.host.paths import decode
from smena.plan.params import Render
from smena.run.step import Done
from smena.steps.templates import filled
from smena.steps.tools import World


def do(p: Render, ctx: World) -> Done:
    content = filled(p.template, p.values, ctx)
    ctx.tools.point.write(ctx.seq, Path(decode(p.file)), content.encode("utf-8"))
    return Done()


def undo(_p: Render, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
