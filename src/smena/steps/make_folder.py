"""make-folder: folders that an instance needs before anything can be written into them.

Undo takes away only what the step made. The instance's own folders move into the restore point with
whatever came to lie in them, and with those above them that hold nothing else; shared folders go
only while nothing lies there: another instance may have come to use them meanwhile.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from smena import faults
from smena.host import files, removal
from smena.host.paths import decode, encode
from smena.plan.life_params import MakeFolder
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


class Made(msgspec.Struct, frozen=True):
    """The folders that were missing, upper ones first."""

    paths: tuple[str, ...]


def do(p: MakeFolder, ctx: World) -> Done:
    made = ctx.recorded(Made)
    if made is None:
        made = Made(tuple(encode(path) for path in _missing([*p.shared, *p.paths])))
        ctx.record(made)
    for path in made.paths:
        files.make_folder(Path(decode(path)))
        faults.point("make-folder.made")
    return Done(_("{count} made", count=len(made.paths)))


def undo(p: MakeFolder, ctx: World) -> None:
    made = ctx.recorded(Made)
    if made is None:
        return
    folders = [Path(decode(path)) for path in made.paths]
    own = {Path(decode(path)) for path in p.paths} & set(folders)
    for folder in reversed(folders):
        if folder.parent.is_dir():
            files.tidy(folder)
        removal.remove_empty(folder)
    for folder in folders:
        if files.there(folder) and _ours(folder, own, set(folders)):
            ctx.tools.point.move_away(ctx.seq, folder)


def _ours(folder: Path, own: Collection[Path], made: Collection[Path]) -> bool:
    """Whether all that lies there is the instance's: such a folder goes whole, with what is in it."""
    if folder in own:
        return True
    return folder in made and all(_ours(entry, own, made) for entry in folder.iterdir())


def _missing(paths: list[str]) -> list[Path]:
    """Every folder that is not there, the upper ones first and each once."""
    found: dict[Path, None] = {}
    for path in paths:
        place = Path(decode(path))
        for folder in (*reversed(place.parents), place):
            if not files.there(folder):
                found.setdefault(folder)
    return list(found)
