"""edit-yaml, edit-xml, edit-env: values in a file, and no other byte. What lay there is kept.

Secrets are looked up at the instant of use; the restore point's copy has the file's own mode.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from smena.edit.documents import edit, parse
from smena.edit.format import Format
from smena.edit.format import Kind as FileKind
from smena.errors import NeedsPerson
from smena.host.paths import decode
from smena.plan.params import EditEnv, EditXml, EditYaml, XmlSet
from smena.run.step import Done, Outcome
from smena.steps.tools import World
from smena.text import _


def do_yaml(p: EditYaml, ctx: World) -> Done:
    return _edit(ctx, "yaml", p.file, p.set, p.remove)


def do_env(p: EditEnv, ctx: World) -> Done:
    return _edit(ctx, "env", p.file, p.set, p.remove)


def do_xml(p: EditXml, ctx: World) -> Outcome:
    path = Path(decode(p.file))
    form, data = Format("xml", p.file), path.read_bytes()
    for item in p.set:
        data = edit(form, data, {_key(form, data, item): ctx.tools.reveal(item.value)})
    return _write(ctx, path, data)


def _edit(ctx: World, kind: FileKind, file: str, put: Mapping[str, str], remove: Sequence[str]) -> Done:
    path = Path(decode(file))
    shown = {key: ctx.tools.reveal(value) for key, value in put.items()}
    return _write(ctx, path, edit(Format(kind, file), path.read_bytes(), shown, remove))


def _write(ctx: World, path: Path, data: bytes) -> Done:
    if data == path.read_bytes():
        return Done(_("it is so already"))
    ctx.tools.point.write(ctx.seq, path, data)
    return Done()


def _key(form: Format, data: bytes, item: XmlSet) -> str:
    """The first of the elements that the file has: products move their settings from version to version."""
    document = parse(form, data)
    found = next((element for element in item.element if document.key(element) is not None), None)
    if found is None:
        raise NeedsPerson(
            _("{file} has none of the elements {elements}", file=form.file, elements=", ".join(item.element)),
            hint=_("look where the setting belongs in this version, and tell the vendor"),
        )
    return f"{found}/@{item.attribute}" if item.attribute else found


def undo(_p: EditYaml | EditXml | EditEnv, ctx: World) -> None:
    ctx.tools.point.put_back(ctx.seq)
