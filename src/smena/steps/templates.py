"""A file of a package with its look-ups filled in; secrets are put in at this instant and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smena.definition.mistake import Wrong
from smena.definition.templates import render
from smena.errors import StepFailed
from smena.host.paths import decode
from smena.steps.tools import World
from smena.text import _


def filled(template: str, values: Mapping[str, str], ctx: World) -> str:
    text = Path(decode(template)).read_text("utf-8")
    try:
        return render(text, {name: ctx.tools.reveal(value) for name, value in values.items()})
    except Wrong as wrong:
        raise StepFailed(_("{file} cannot be filled in", file=template), why=[wrong.text]) from wrong
