"""The file in which a person settles conflicts: YAML, `file: {key: ours | new | {value: …}}`.

    N.yml:
      db.workDir: ours
      port: new
      fqdn: {value: portal.example.org}

All mistakes are told at once. What stands under `value` is never repeated in a message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from smena.edit.document import Document
from smena.edit.documents import parse
from smena.edit.format import Format
from smena.edit.tree import LEAF, Node
from smena.edit.yaml_read import BLOCK, FLOW
from smena.errors import BadResolution
from smena.text import Text, _

Side = Literal["ours", "new", "value"]


class Resolution(msgspec.Struct, frozen=True):
    """One decision; `value` counts only with the side `value`."""

    side: Side
    value: str = ""

    def __repr__(self) -> str:
        return f"Resolution({self.side!r})"  # the value may be a secret


OURS, NEW = Resolution("ours"), Resolution("new")

#: The decisions for one file by the names of its keys.
Resolutions = Mapping[str, Resolution]


def read_resolutions(data: bytes, file: str) -> dict[str, dict[str, Resolution]]:
    """By file, by key."""
    document = parse(Format("yaml", file), data)
    mistakes: list[Text] = []
    found: dict[str, dict[str, Resolution]] = {}
    for name, decisions in document.root.children.items():
        if not decisions.children:
            mistakes.append(_said(document, decisions, _("{name} must hold keys with decisions", name=name)))
            continue
        found[name] = {key: _decision(document, node, mistakes) for key, node in decisions.children.items()}
    if mistakes:
        raise BadResolution(
            _("cannot use {file}", file=file), why=mistakes, hint=_("write ours, new or {{value: …}} for each key")
        )
    return found


def _decision(document: Document, node: Node, mistakes: list[Text]) -> Resolution:
    if _scalar(node) and node.value in ("ours", "new"):
        return OURS if node.value == "ours" else NEW
    value = node.children.get("value")
    if value is not None and len(node.children) == 1 and _scalar(value):
        return Resolution("value", value.value or "")
    name = document.name(node.key[1:])
    mistakes.append(_said(document, node, _("{key} is decided neither by ours, new nor a value", key=name)))
    return NEW


def _scalar(node: Node) -> bool:
    return node.shape == LEAF and node.style not in (BLOCK, FLOW)


def _said(document: Document, node: Node, problem: Text) -> Text:
    return _("line {line}: {problem}", line=document.line(node), problem=problem)
