"""mounted: the disks on which the instance lies are there, and none is mounted inside a tree that the run keeps whole.

Where a disk is missing its folder looks empty: an upgrade would convert nothing, and keep nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.errors import PathUnfit
from smena.host.facts.mounts import above, unmounted
from smena.host.paths import decode
from smena.restore.mounted import refuse_mounts_below
from smena.text import _, plain


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    if scene.plan.platform == "windows":
        return
    away = unmounted()
    data = {str(name) for name in scene.definition.instance.roles.get("data", ())}
    for name, path in scene.measure().paths.items():
        place = Path(decode(path))
        disk = above(place, away)
        if disk is not None:
            text = _("the disk at {point} is not mounted; {path} lies on it", point=disk.point, path=name)
            yield Finding(check="mounted", blocking=True, text=text, hint=plain(f"mount {disk.point}"))
        elif name in data and not os.path.lexists(place):
            text = _("nothing lies at {path} ({name})", path=path, name=name)
            hint = _("is its disk mounted?")
            yield Finding(check="mounted", blocking=True, text=text, hint=hint)
    yield from _inside(scene)


def _inside(scene: Scene) -> Iterator[Finding]:
    """As the run itself would find it, with its preparations made."""
    steps = (step for step in scene.plan.steps if step.kind in ("first-copy", "keep"))
    trees = dict.fromkeys(msgspec.json.decode(step.params, type=_Tree).path for step in steps)
    for tree in trees:
        try:
            refuse_mounts_below(Path(decode(tree)))
        except PathUnfit as error:
            yield Finding(check="mounted", blocking=True, text=error.message, hint=error.hint)


class _Tree(msgspec.Struct, frozen=True):
    path: str
