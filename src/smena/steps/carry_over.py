"""carry-over: a tree, or files of a folder by their names, copied to their place in the new version and proven by hash.

The old ones stay where they are: they are what the old version goes on with. Of a tree the first copy was made while
the old version still ran; here only the difference follows. What lies at the new place already (the new
version's own, or half of an earlier attempt) moves into the restore point. A copy has a hidden name until it is
proven, so a death leaves nothing that could be taken for the whole.
"""

from __future__ import annotations

import fnmatch
from pathlib import Path

import msgspec

from smena import faults
from smena.errors import PathUnfit, StepFailed
from smena.host import files, removal
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.plan.life_params import CarryOver
from smena.run.step import Done
from smena.steps.progress import watcher
from smena.steps.tools import World
from smena.text import _


class Began(msgspec.Struct, frozen=True):
    """These folders were missing. `ready`: the new place is free, and the proven copy has only to get its name."""

    above: tuple[str, ...]
    ready: bool = False


def do(p: CarryOver, ctx: World) -> Done:
    source, target = Path(decode(p.source)), Path(decode(p.target))
    if not source.is_dir():
        if p.missing_ok:
            return Done(_("{path} is not there", path=p.source))
        raise PathUnfit(_("{path} is not there", path=p.source))
    if not p.include:
        return _tree(p, source, target, ctx)
    _begin(target, ctx)
    return _files(p, source, target, ctx)


def undo(_p: CarryOver, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
    began = ctx.recorded(Began)
    for path in reversed(began.above if began is not None else ()):
        files.tidy(Path(decode(path)))
        removal.remove_empty(Path(decode(path)))


def tidy(p: CarryOver, ctx: World) -> None:
    """A copy that never came to its place is only in the way."""
    if not p.include:
        ctx.tools.ahead.tidy(p.slot)


def _begin(folder: Path, ctx: World) -> Began:
    """The folders above are made; undo takes away those that were missing, if nothing else came to lie there."""
    began = ctx.recorded(Began)
    if began is None:
        missing = [path for path in reversed((folder, *folder.parents)) if not files.there(path)]
        began = Began(tuple(encode(path) for path in missing))
        ctx.record(began)
    files.make_folder(folder)
    return began


def chosen(p: CarryOver, source: Path) -> list[Path]:
    """The files that are meant; names are compared as Windows does, without their case."""
    wanted, unwanted = [p.include, p.exclude]
    return [
        entry
        for entry in sorted(source.iterdir())
        if entry.is_file() and _fits(entry.name, wanted) and not _fits(entry.name, unwanted)
    ]


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _tree(p: CarryOver, source: Path, target: Path, ctx: World) -> Done:
    if target.is_dir() and source.samefile(target):
        return Done(_("it is so already"))
    began = _begin(target.parent, ctx)
    place = ctx.tools.ahead.place(p.slot)
    if began.ready and target.is_dir() and (place is None or not place.exists()):
        return Done(_("it is so already"))
    copied = ctx.tools.ahead.finish(source, target, p.slot, watcher(ctx))
    ctx.tools.point.move_away(ctx.seq, target)
    faults.point("carry-over.free")
    ctx.record(msgspec.structs.replace(began, ready=True))
    files.rename(ctx.tools.ahead.place(p.slot) or target, target)
    return Done(_("{files} files copied after the stop", files=copied.files))


def _files(p: CarryOver, source: Path, target: Path, ctx: World) -> Done:
    meant = chosen(p, source)
    if not meant and not p.missing_ok:
        raise PathUnfit(_("{path} has none of {names}", path=p.source, names=", ".join(p.include)))
    for file in meant:
        content = file.read_bytes()
        place = target / file.name
        ctx.tools.point.write(ctx.seq, place, content, attributes.read(str(file)))
        faults.point("carry-over.written")
        if place.read_bytes() != content:
            raise StepFailed(_("the copy of {path} is not the same", path=encode(file)))
    return Done(_("{files} files carried over, the same byte for byte", files=len(meant)))
