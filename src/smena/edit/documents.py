"""Which document reads which kind of file: the one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smena.edit.document import Document
from smena.edit.format import Format, Kind
from smena.edit.lines_file import EnvDocument, IniDocument
from smena.edit.source import read_source
from smena.edit.xml_file import XmlDocument
from smena.edit.yaml_file import YamlDocument
from smena.text import Text

DOCUMENTS: dict[Kind, type[Document]] = {
    "yaml": YamlDocument,
    "xml": XmlDocument,
    "env": EnvDocument,
    "ini": IniDocument,
}


def parse(form: Format, data: bytes, file: Text | None = None) -> Document:
    """Read a file of a kind that has keys; `file` is what messages call it if not by its own name."""
    return DOCUMENTS[form.kind](read_source(form, data, file))


def edit(form: Format, data: bytes, put: Mapping[str, str], remove: Sequence[str] = ()) -> bytes:
    """Give keys these values and take others out, by name. It can be repeated: what already is so stays."""
    document = parse(form, data)
    for name, value in put.items():
        document = document.put(document.place(name), value)
    for name in remove:
        key = document.key(name)
        document = document.remove(key) if key else document
    return document.data
