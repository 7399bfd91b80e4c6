"""backup: an archive of the instance, made and read back. An interruption makes another one."""

from __future__ import annotations

from pathlib import Path

from smena.backup import plain
from smena.host import files
from smena.host.paths import decode
from smena.plan.kept import slot_of
from smena.plan.params import Backup
from smena.run.step import Done
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


def do(p: Backup, ctx: World) -> Done:
    trees = {name: _place(p, ctx, path) for name, path in p.trees.items()}
    there = {name: path for name, path in trees.items() if files.there(path)}
    made = plain.make(
        Path(decode(p.target)),
        _name(p, ctx),
        there,
        without=p.without,
        about={**p.about, "run": ctx.run},
        progress=watcher(ctx),
    )
    size = made.size // 1_000_000
    return Done(_("{file}: {files} files, {size} MB, read back", file=made.archive, files=made.files, size=size))


def _place(p: Backup, ctx: World, path: str) -> Path:
    """Frozen: the copy in the restore point, as it was at one instant."""
    real = Path(decode(path))
    return ctx.tools.copies.place(real, slot_of(path)) if p.frozen else real


def discard(p: Backup, ctx: World) -> None:
    """A death may have left an archive that was never read back."""
    plain.tidy(Path(decode(p.target)), _name(p, ctx))


def _name(p: Backup, ctx: World) -> str:
    """One name a run and step: a repetition finds what a death left."""
    return f"{ctx.run}.{p.name}"
