"""fetch: a package from where it was left into the releases' folder, proven by its hash."""

from __future__ import annotations

from pathlib import Path

from smena.host import copy, files, removal
from smena.host.paths import decode
from smena.plan.params import Fetch
from smena.run.step import Done
from smena.steps import verify
from smena.steps.shared import alone_with
from smena.steps.tools import World
from smena.text import _


def do(p: Fetch, ctx: World) -> Done:
    file = Path(decode(p.file))
    with alone_with(p.file, ctx):
        if files.there(file):
            verify.judge(file, p.sha256, p.size)
            return Done(_("it was there already"))
        files.make_folder(file.parent)
        fresh = files.temporary(file)
        removal.clear(fresh)
        copy.first_copy(Path(decode(p.source)), fresh, ctx.tools.folder / f"fetch-{ctx.seq}.list", live=False)
        verify.judge(fresh, p.sha256, p.size)
        files.rename(fresh, file)
    return Done()


def undo(p: Fetch, ctx: World) -> None:
    """A package harms nobody, and stays; what a death left half made goes."""
    fresh = files.temporary(Path(decode(p.file)))
    if files.there(fresh):
        with alone_with(p.file, ctx):
            removal.clear(fresh)
