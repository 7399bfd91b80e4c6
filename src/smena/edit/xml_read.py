"""XML as a tree by key: elements by tag and identifying attribute, `@attribute`, `text()`, else `content()`.

An element among relatives of the same tag is known by its `id`, `name`, `key` or `ref`.
Where that does not tell two of them apart, or text stands between elements, the content is one
single value, `content()`: its order has a meaning, and taking one for another would be worse
than asking.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Mapping

from smena.edit.source import Source
from smena.edit.tree import EMPTY, Key, Node
from smena.edit.xml_scan import Element, scan

IDENTITY = ("id", "name", "key", "ref")
TEXT, CONTENT = "text()", "content()"
#: The shapes of an element, beside EMPTY.
WITH_TEXT, KEYED, MIXED = "text", "keyed", "mixed"
CDATA = "cdata"

_NEEDS_QUOTES = re.compile(r"[\[\]\"/]|^\s|\s$|^$")
PART = re.compile(r"([^/\[\]]+)(?:\[([^=\]]+)=(\"(?:[^\"\\]|\\.)*\"|[^\]]*)\])?")


def read(source: Source) -> Node:
    element = scan(source)
    name = part_of(element)
    top = _node(source, element, (name,))
    everything = (0, len(source.text))
    return Node((), ("file", top.same), everything, everything, children={name: top}, shape=KEYED)


def part_of(element: Element) -> str:
    """`add[key=Port]`: the tag, and what tells this element from others of its kind."""
    have = {attribute.name: attribute.value for attribute in element.attributes}
    for name in IDENTITY:
        if name in have:
            value = have[name]
            shown = json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value
            return f"{element.tag}[{name}={shown}]"
    return element.tag


def _node(source: Source, element: Element, key: Key) -> Node:
    children: dict[str, Node] = {}
    for attribute in element.attributes:
        name = "@" + attribute.name
        children[name] = Node((*key, name), attribute.value, attribute.span, attribute.whole, attribute.value)
    attributes = tuple(sorted((name, child.same) for name, child in children.items()))
    inside, shape = _content(source, element, key)
    children.update(inside)
    kept = tuple(sorted((name, child.same) for name, child in inside.items()))
    same: Hashable = (element.tag, attributes, kept)
    empty = "" if not children else None
    return Node(key, same, element.content, (element.start, element.end), empty, children, shape)


def _content(source: Source, element: Element, key: Key) -> tuple[Mapping[str, Node], str]:
    names = [part_of(child) for child in element.inside]
    if (element.runs and (element.inside or len(element.runs) > 1)) or len(set(names)) < len(names):
        value = source.text[slice(*element.content)].strip()
        node = Node((*key, CONTENT), _ordered(source, element, key), element.content, element.content, value)
        return {CONTENT: node}, MIXED
    if element.runs:
        run = element.runs[0]
        style = CDATA if run.cdata else ""
        return {TEXT: Node((*key, TEXT), run.value, run.span, run.span, run.value, style=style)}, WITH_TEXT
    if not names:
        return {}, EMPTY
    return {name: _node(source, child, (*key, name)) for name, child in zip(names, element.inside, strict=True)}, KEYED


def _ordered(source: Source, element: Element, key: Key) -> Hashable:
    """Texts and elements as they follow each other."""
    things: list[tuple[int, Hashable]] = [(run.span[0], run.value) for run in element.runs]
    things += [(child.start, _node(source, child, (*key, part_of(child))).same) for child in element.inside]
    return tuple(same for _place, same in sorted(things, key=lambda thing: thing[0]))
