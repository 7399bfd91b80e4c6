"""Bytes to marked nodes, in bounded time and memory whatever the bytes are.

The file is judged before libyaml sees it (size, text, hidden characters), then its
event stream is turned into nodes with a stack of our own: libyaml's composer and
PyYAML's are recursive and die on deep nesting, and they would expand aliases. What
a definition does not need is refused: aliases, anchors, tags, directives, several
documents. Directives are looked for beforehand, because libyaml compares each `%TAG`
with all before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml._yaml import CParser

from smena.definition.mistake import Mistakes, short
from smena.definition.nodes import Fields, Items, Node, Path, Refused, Scalar
from smena.text import Text, _

SIZE = 4 * 1024 * 1024
DEPTH = 64
NODES = 500_000

_NOT_TEXT = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DIRECTIVE = re.compile("^%", re.MULTILINE)


def parse(data: bytes, mistakes: Mistakes) -> Node | None:
    """The root of the one document; None when there is nothing that could be read further."""
    text = judge(data, mistakes)
    if text is None:
        return None
    tree = Tree(mistakes)
    try:
        events = CParser(text).get_event
        while (event := events()) is not None:
            if tree.take(event):
                return None
    except yaml.YAMLError as error:
        _unreadable(error, mistakes)
        return None
    if tree.root is None:
        mistakes.add(1, 1, (), _("the file is empty"))
    return tree.root


def judge(data: bytes, mistakes: Mistakes) -> str | None:
    """The text of the file, if it is text at all and small enough."""
    if len(data) > SIZE:
        mistakes.add(1, 1, (), _("the file is larger than {limit} MB", limit=SIZE // 2**20))
        return None
    if b"\0" in data:
        mistakes.add(_line_of(data, data.index(b"\0")), 1, (), _("the file is not text"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = _("the file is not written in UTF-8: byte {byte}", byte=f"0x{data[error.start]:02x}")
        mistakes.add(_line_of(data, error.start), 1, (), what)
        return None
    return text if _fit(text, mistakes) else None


def _fit(text: str, mistakes: Mistakes) -> bool:
    found = _NOT_TEXT.search(text)
    if found:
        what = _("a character that does not belong into text: {code}", code=_code(found.group()))
        mistakes.add(*_place(text, found.start()), (), what)
        return False
    found = _DIRECTIVE.search(text)
    if found:
        mistakes.add(*_place(text, found.start()), (), _("YAML directives (%) are not used in definitions"))
    return found is None


def _unreadable(error: yaml.YAMLError, mistakes: Mistakes) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    mistakes.add(line, column, (), _("this is not YAML: {problem}", problem=problem))


class Tree:
    """The nodes read so far, and the open ones above the next event."""

    def __init__(self, mistakes: Mistakes) -> None:
        self.root: Node | None = None
        self._mistakes = mistakes
        self._open: list[Items | Fields] = []
        self._documents = 0
        self._left = NODES
        self._takes: dict[type, Callable[[Any], bool | None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._mapping,
            yaml.SequenceStartEvent: self._sequence,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    @property
    def field(self) -> str | None:
        """The top-level field whose value comes next."""
        top = self._open[0] if len(self._open) == 1 else None
        return top.key.text if isinstance(top, Fields) and isinstance(top.key, Scalar) else None

    def take(self, event: Any) -> bool | None:
        """One event more; True when it is no use to go on."""
        taker = self._takes.get(type(event))
        return taker(event) if taker else False

    def _scalar(self, event: Any) -> bool:
        mark = event.start_mark
        node = Scalar(event.value, mark.line + 1, mark.column + 1, event.style == "")
        if event.anchor is not None or event.tag is not None:
            self._marked(event)
        if not node.text.isprintable() and (found := _HIDDEN.search(node.text)):
            self._wrong(node, _("a hidden character: {code}", code=_code(found.group())))
        return self._put(node)

    def _mapping(self, event: Any) -> bool:
        return self._start(event, Fields)

    def _sequence(self, event: Any) -> bool:
        return self._start(event, Items)

    def _start(self, event: Any, kind: type[Items | Fields]) -> bool:
        mark = event.start_mark
        node = kind(mark.line + 1, mark.column + 1)
        if event.anchor is not None or event.tag is not None:
            self._marked(event)
        if len(self._open) >= DEPTH:
            self._wrong(node, _("nested deeper than {limit} levels", limit=DEPTH))
            return True
        enough = self._put(node)
        self._open.append(node)
        return enough

    def _end(self, _event: Any) -> None:
        self._open.pop()

    def _alias(self, event: Any) -> bool:
        node = Refused(event.start_mark.line + 1, event.start_mark.column + 1)
        self._wrong(
            node, _("aliases (*{name}) are not used in definitions: write the value out", name=short(event.anchor))
        )
        return self._put(node)

    def _document(self, event: Any) -> bool:
        self._documents += 1
        if self._documents > 1:
            mark = event.start_mark
            self._mistakes.add(mark.line + 1, 1, (), _("a second document begins here; one file is one definition"))
        return self._documents > 1

    def _put(self, node: Node) -> bool:
        """Where the node belongs: the open list, or the open mapping as a name or as a value."""
        self._left -= 1
        if not self._open:
            self.root = node
        elif isinstance(above := self._open[-1], Items):
            above.items.append(node)
        elif above.key is None:
            above.key = self._name(node)
        else:
            if isinstance(above.key, Scalar):
                _pair(above, above.key, node)
            above.key = None
        if self._left < 0:
            self._wrong(node, _("the file has more than {limit} values", limit=NODES))
        return self._left < 0

    def _name(self, node: Node) -> Scalar | Refused:
        if isinstance(node, Scalar | Refused):
            return node
        self._wrong(node, _("a name must be plain text, not a list or a mapping"))
        return Refused(node.line, node.column)

    def _marked(self, event: Any) -> None:
        node = Refused(event.start_mark.line + 1, event.start_mark.column + 1)
        if event.anchor is not None:
            self._wrong(node, _("anchors (&{name}) are not used in definitions", name=short(event.anchor)))
        if event.tag is not None:
            self._wrong(
                node, _("tags ({name}) are not used in definitions: the field decides the type", name=short(event.tag))
            )

    def _wrong(self, node: Node, text: Text) -> None:
        self._mistakes.add(node.line, node.column, self._path(), text)

    def _path(self) -> Path:
        """The field that is being read, for a complaint."""
        path = [_last(node) for node in self._open[:-1]]
        if self._open:
            path.append(_next(self._open[-1]))
        return tuple(name for name in path if name is not None)


def _pair(above: Fields, key: Scalar, node: Node) -> None:
    """A list or mapping that begins below its name is shown at its name: that is what people look for."""
    above.pairs.append((key, node))
    if node.line != key.line and not isinstance(node, Scalar):
        node.line, node.column = key.line, key.column


def _last(node: Items | Fields) -> str | int | None:
    """What was put in last: that is what stands open now."""
    if isinstance(node, Items):
        return len(node.items) - 1
    return node.pairs[-1][0].text if node.pairs else None


def _next(node: Items | Fields) -> str | int | None:
    """What is about to be put in."""
    if isinstance(node, Items):
        return len(node.items)
    return node.key.text if isinstance(node.key, Scalar) else None


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"
