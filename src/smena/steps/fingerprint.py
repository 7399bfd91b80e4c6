"""fingerprint: a look at what users find when they are let in, so that a rollback can say what they changed since."""

from __future__ import annotations

from pathlib import Path

from smena.host import files, glance
from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.params import Fingerprint
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Fingerprint, ctx: World) -> Done:
    folder = ctx.tools.folder / "opened"
    files.make_folder(folder, attributes.own(0o700))
    count = 0
    for name, tree in p.trees.items():
        path = Path(decode(tree))
        if files.there(path):
            count += glance.take(path, folder / f"{name}.list")
    return Done(_("{count} files", count=count))
