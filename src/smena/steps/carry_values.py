"""carry-values: a file stays the new version's own, and single values of the old one are put into it, by key.

The old file is set aside while the old version still runs, because an installer may take it away (`set-aside`). A
value is carried only where the new file has the key too, and says another: what the new version no longer
knows is told, not forced upon it.
"""

from __future__ import annotations

from pathlib import Path

from smena.edit.documents import edit, parse
from smena.edit.format import Format
from smena.edit.format import Kind as FileKind
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.life_params import CarryValues, SetAside
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def set_aside(p: SetAside, ctx: World) -> Done:
    source, aside = Path(decode(p.file)), ctx.tools.folder / p.staged
    if not source.is_file():
        return Done(_("{path} is not there", path=p.file))
    files.make_folder(aside.parent, attributes.own(0o700))
    files.write_file(aside, source.read_bytes(), attributes.own(0o600))
    return Done()


def do(p: CarryValues, ctx: World) -> Done:
    path, aside = Path(decode(p.file)), ctx.tools.folder / p.staged
    if not aside.is_file() or not path.is_file():
        return Done(_("{path} is not there", path=p.file))
    kind: FileKind = "xml" if p.format == "xml" else "ini" if p.format == "ini" else "yaml"
    form = Format(kind, p.file, p.encoding or "")
    old, data = parse(form, aside.read_bytes()), path.read_bytes()
    new = parse(form, data)
    wanted: dict[str, str] = {}
    for key in p.keys:
        before, now = old.key(key), new.key(key)
        value = None if before is None else old.get(before)
        if value is not None and now is not None and new.get(now) != value:
            wanted[key] = value
    if not wanted:
        return Done(_("it is so already"))
    ctx.tools.point.write(ctx.seq, path, edit(form, data, wanted))
    return Done(_("carried over: {keys}", keys=", ".join(wanted)))


def undo(_p: CarryValues, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
