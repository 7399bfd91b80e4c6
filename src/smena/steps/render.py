"""render: write a file from a template that the package brings; what lay there is kept."""

from __future__ import annotations

from pathlib import Path

from smena.definition.mistake import Wrong
from smena.definition.templates import render
from smena.errors import StepFailed
from smena.host.paths import decode
from smena.plan.params import Render
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Render, ctx: World) -> Done:
    template = Path(decode(p.template)).read_text("utf-8")
    values = {name: ctx.tools.reveal(value) for name, value in p.values.items()}
    try:
        content = render(template, values)
    except Wrong as wrong:
        raise StepFailed(_("{file} cannot be filled in", file=p.template), why=[wrong.text]) from wrong
    ctx.tools.point.write(ctx.seq, Path(decode(p.file)), content.encode("utf-8"))
    return Done()


def undo(_p: Render, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
