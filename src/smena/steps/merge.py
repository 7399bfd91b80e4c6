"""merge: work out a hop's configuration files beside the instance, each 0600 in the run's folder.

Nothing of the instance is touched, so there is nothing to undo. The result must be what
the plan showed: if the administrator changed a file since, the run refuses before the switch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from smena.edit.format import Format
from smena.edit.masks import Masks
from smena.edit.merge import merge
from smena.edit.merging import Merge as Merged
from smena.edit.resolutions import OURS, Resolution
from smena.errors import PlanStale
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.params import Merge, MergeItem
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _

Reader = Callable[[str], bytes | None]
"""Gives the content of a path, or None where there is nothing."""


def do(p: Merge, ctx: World) -> Done:
    folder = ctx.tools.folder
    carried = 0
    for item in p.items:
        merged = merged_item(item, lambda path: _read(folder, path))
        result = merged.outcome()
        if item.sha256 is not None and hashlib.sha256(result).hexdigest() != item.sha256:
            raise PlanStale(
                _("{file} would come out otherwise than the plan shows", file=item.file),
                why=[_("the file, or a default beside it, has changed since the plan was made")],
                hint=_("make the plan again"),
            )
        target = folder / item.staged
        files.make_folder(target.parent, attributes.own(0o700))
        files.write_file(target, result, attributes.own(0o600))
        carried += len(merged.carried)
    return Done(_("{count} changes of the administrator carried over", count=carried))


def merged_item(item: MergeItem, read: Reader) -> Merged:
    """One file, three ways. Identity keys (`keep`) keep their present value where both sides changed them."""
    form = Format(item.format, item.file, item.encoding or "")  # type: ignore[arg-type]
    ours = read(item.ours)
    if ours is None and item.formerly is not None:
        ours = read(item.formerly)
    new = read(item.new)
    if new is None:
        raise PlanStale(_("the new version brings no {file}", file=item.new))
    decisions = {key: _decision(value) for key, value in item.resolutions.items()}
    kept = dict.fromkeys(item.keep, OURS)
    base = read(item.base)
    if ours is None:
        ours = base = new
    return merge(form, base, ours, new, resolutions={**kept, **decisions}, masks=Masks(keys=item.secret))


def _decision(value: object) -> Resolution:
    if isinstance(value, dict):
        return Resolution("value", str(value.get("value", "")))
    return Resolution("new" if value == "new" else "ours")


def _read(folder: Path, path: str) -> bytes | None:
    """A staged result is named relative to the run's folder."""
    place = folder / path if path.startswith("staged/") else Path(decode(path))
    return place.read_bytes() if place.exists() else None
