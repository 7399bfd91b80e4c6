"""make-services and remove-services: the units of an instance come to be, and go into the restore point.

All of it is files: the units, the administrator's drop-ins, the links by which a boot starts them. systemd reads them
anew afterwards, in both directions, also where a death came between.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.errors import ServiceUnfit
from smena.host import files, removal
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.plan.life_params import MakeServices, RemoveServices
from smena.run.step import Done
from smena.steps.templates import filled
from smena.steps.tools import World
from smena.text import _


class Made(msgspec.Struct, frozen=True):
    """Links that start the units at boot, and folders for them that were missing."""

    links: tuple[str, ...]
    folders: tuple[str, ...]


class Chosen(msgspec.Struct, frozen=True):
    """What belonged to the units the first time: a repetition must not choose anew among what is left."""

    paths: tuple[str, ...]


def make(p: MakeServices, ctx: World) -> Done:
    units = ctx.tools.units
    contents = {unit: filled(template, p.values, ctx) for unit, template in p.files.items()}
    links = {link: to for unit, text in contents.items() for link, to in units.links(unit, text).items()}
    if ctx.recorded(Made) is None:
        _refuse_taken([*(units.place(unit) for unit in contents), *links])
        missing = sorted({encode(link.parent) for link in links if not link.parent.is_dir()})
        ctx.record(Made(tuple(encode(link) for link in links), tuple(missing)))
    for unit, text in contents.items():
        ctx.tools.point.write(ctx.seq, units.place(unit), text.encode("utf-8"), attributes.own(0o644))
        faults.point("services.written")
    for link, to in links.items():
        files.make_folder(link.parent)
        files.replace_link(link, str(to))
    units.read_anew()
    return Done()


def undo_make(_p: MakeServices, ctx: World) -> None:
    """A link holds nothing that could be lost, so it is not kept."""
    made = ctx.recorded(Made)
    if made is None:
        return
    for link in (Path(decode(path)) for path in made.links):
        if link.parent.is_dir():
            files.tidy(link)
            files.remove_file(link)
    ctx.tools.point.put_back(ctx.seq)
    for folder in (Path(decode(path)) for path in made.folders):
        files.tidy(folder)
        removal.remove_empty(folder)
    ctx.tools.units.read_anew()


def remove(p: RemoveServices, ctx: World) -> Done:
    units = ctx.tools.units
    chosen = ctx.recorded(Chosen)
    if chosen is None:
        chosen = Chosen(tuple(encode(path) for unit in p.units for path in units.of(unit)))
        ctx.record(chosen)
    for path in chosen.paths:
        ctx.tools.point.move_away(ctx.seq, Path(decode(path)))
    for unit in p.units:
        units.leave_to_hold(unit)
    units.read_anew()
    return Done(_("{count} moved into the restore point", count=len(chosen.paths)))


def undo_remove(_p: RemoveServices, ctx: World) -> None:
    if ctx.recorded(Chosen) is None:
        return
    ctx.tools.point.put_back(ctx.seq)
    ctx.tools.units.read_anew()


def _refuse_taken(places: list[Path]) -> None:
    taken = [place for place in places if place.is_symlink() or place.exists()]
    if taken:
        raise ServiceUnfit(
            _("there are units of these names already"),
            why=[_("{path} is there already", path=encode(place)) for place in taken],
        )
