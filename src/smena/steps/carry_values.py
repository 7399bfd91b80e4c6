"""carry-values: a file stays the new version's own, and single values of the old one are put into it, by key.

The old file is set aside while the old version still runs, because an installer may take it away (`set-aside`). A
value is carried only where the new file has the key too, and says another: what the new version no longer
knows is told, not forced upon it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from smena.edit.document import Document
from smena.edit.documents import edit, parse
from smena.edit.format import Format
from smena.edit.format import Kind as FileKind
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import decode
from smena.plan.life_params import CarryValues, SetAside
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import Text, _


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
    values = dict(_values(old, p.keys))
    places = {name: new.key(name) for name in values}
    wanted = {name: value for name, value in values.items() if (key := places[name]) and new.get(key) != value}
    lost = [name for name, key in places.items() if key is None]
    if wanted:
        ctx.tools.point.write(ctx.seq, path, edit(form, data, wanted))
    return Done(_told(list(wanted), lost))


def _values(old: Document, keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A key that ends with `*` stands for all that begin so."""
    for wanted in keys:
        if wanted.endswith("*"):
            found = [node.key for node in old.entries() if old.name(node.key).startswith(wanted[:-1])]
        else:
            found = [key] if (key := old.key(wanted)) else []
        for key in found:
            value = old.get(key)
            if value is not None:
                yield old.name(key), value


def _told(carried: Sequence[str], lost: Sequence[str]) -> Text:
    if not lost:
        return _("carried over: {keys}", keys=", ".join(carried)) if carried else _("it is so already")
    return _(
        "carried over: {keys}; the new version has no place for {lost}",
        keys=", ".join(carried) or "—",
        lost=", ".join(lost),
    )


def undo(_p: CarryValues, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
