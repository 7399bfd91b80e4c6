"""XML files by key. Attributes and texts are replaced in place; elements come and go with their lines."""

from __future__ import annotations

import json
import re
from typing import ClassVar

from smena.edit import xml_read
from smena.edit.document import Document, Ways
from smena.edit.relines import reindented
from smena.edit.source import LINE_END, Splice, lines_of
from smena.edit.tree import Key, Node
from smena.edit.xml_read import CDATA, CONTENT, PART, TEXT
from smena.text import _

_INDENT = "  "
_ESCAPES = {"&": "&amp;", "<": "&lt;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LAST_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->[ \t]*(?:\r\n|\n|\r)[ \t]*\Z", re.DOTALL)
_REST_OF_LINE = re.compile(r"[ \t]*<!--[^\r\n]*-->[ \t]*(?=[\r\n])")


class XmlDocument(Document):
    """Names are paths, `configuration/loginom/@urlPathPrefix`; `//loginom/@urlPathPrefix` may stand anywhere."""

    separator: ClassVar[str] = "/"

    def _read(self) -> Node:
        return xml_read.read(self.source)

    def _called(self, key: Key, name: str) -> bool:
        if name.startswith("//"):
            return ("/" + self.name(key)).endswith(name[1:])
        return self.name(key) == name

    def _new_key(self, name: str) -> Key:
        parts = tuple(found[0] for found in PART.finditer(name))
        if not name.startswith("//"):
            return parts
        for length in range(len(parts) - 1, 0, -1):
            there = self.key("//" + "/".join(parts[:length]))
            if there:
                return (*there, *parts[length:])
        raise self._cannot((name,), _("no such element is in the file"))

    def place(self, name: str) -> Key:
        """The name of an element stands for its text."""
        key = super().place(name)
        return key if key[-1].startswith("@") or key[-1] in (TEXT, CONTENT) else (*key, TEXT)

    # --- values -----------------------------------------------------------------------

    def _set_ways(self, node: Node, value: str) -> Ways:
        start, end = node.span
        if node.key[-1].startswith("@"):
            yield [(start, end, escaped(value, self.source.text[start - 1]))]
        elif node.key[-1] == TEXT:
            if node.style == CDATA and "]]>" not in value:
                yield [(start, end, self._lines(value))]
            start, end = self._text_extent(node)
            yield [(start, end, self._lines(escaped_text(value)))]

    def _text_extent(self, node: Node) -> tuple[int, int]:
        start, end = node.span
        return (start - len("<![CDATA["), end + len("]]>")) if node.style == CDATA else (start, end)

    def _lines(self, value: str) -> str:
        return LINE_END.sub(self.source.newline, value)

    # --- what is new --------------------------------------------------------------------

    def _insert_ways(self, parent: Node, rest: Key, value: str) -> Ways:
        if rest[0].startswith("@") and len(rest) == 1:
            yield [self._attribute(parent, rest[0][1:], value)]
        elif rest == (TEXT,):
            yield [self._between(parent, self._lines(escaped_text(value)))]
        elif rest[-1].startswith("@") or rest[-1] == TEXT:
            yield [self._child(parent, _element(rest, value), None)]

    def _attribute(self, element: Node, name: str, value: str) -> Splice:
        """Behind the last one, in its quotes, on a line of its own if that one has one."""
        have = [child for part, child in element.children.items() if part.startswith("@")]
        if not have:
            tag = element.whole[0] + 1 + len(_tag(element))
            return (tag, tag, f' {name}="{escaped(value, chr(34))}"')
        last = have[-1]
        quote = self.source.text[last.span[0] - 1]
        own_line = self.source.starts_line(last.whole[0])
        lead = self.source.newline + self.source.indent(last.whole[0]) if own_line else " "
        return (last.whole[1], last.whole[1], f"{lead}{name}={quote}{escaped(value, quote)}{quote}")

    def _between(self, element: Node, content: str) -> Splice:
        """Put content into an element that has none; `<a/>` is opened for it."""
        start, end = element.span
        if end < element.whole[1]:
            return (start, end, content)
        tag = self.source.text[element.whole[0] : start]
        opened = tag[: -len("/>")].rstrip() + ">"
        return (element.whole[0], start, f"{opened}{content}</{_tag(element)}>")

    def _child(self, parent: Node, words: str, after: Node | None) -> Splice:
        """Behind `after`, else behind the last child, else as the first one."""
        elements = [child for part, child in parent.children.items() if not part.startswith("@")]
        newline = self.source.newline
        if not elements:
            outer = self.source.indent(parent.whole[0])
            return self._between(parent, newline + self._child_indent(parent) + words + newline + outer)
        last = after if after in elements else elements[-1]
        if not self.source.starts_line(last.whole[0]):
            return (last.whole[1], last.whole[1], words)
        rest = _REST_OF_LINE.match(self.source.text, last.whole[1])
        place = rest.end() if rest else last.whole[1]
        return (place, place, newline + self._child_indent(parent) + words)

    def _child_indent(self, parent: Node) -> str:
        for child in parent.children.values():
            if not child.key[-1].startswith("@") and self.source.starts_line(child.whole[0]):
                return self.source.indent(child.whole[0])
        return self.source.indent(parent.whole[0]) + _INDENT

    # --- what goes ------------------------------------------------------------------------

    def _remove_ways(self, node: Node) -> Ways:
        start, end = node.whole
        name, text = node.key[-1], self.source.text
        if name.startswith("@"):
            yield [(len(text[:start].rstrip()), end, "")]
        elif name == TEXT:
            yield [(*self._text_extent(node), "")]
        elif name == CONTENT:
            yield [(start, end, "")]
        elif self.source.starts_line(start) and not text[end : self.source.line_end(end)].strip():
            yield [(self.source.line_start(start), self.source.line_end(end), "")]
        else:
            yield [(start, end, "")]

    # --- as it is written elsewhere -----------------------------------------------------------

    def _take_ways(self, mine: Node | None, theirs: Node, other: Document) -> Ways:
        name = theirs.key[-1]
        parent = self.find(theirs.key[:-1])
        if parent is None:
            return
        if name.startswith("@") or name == TEXT:
            value = theirs.value or ""
            yield from self._set_ways(mine, value) if mine else self._insert_ways(parent, (name,), value)
        elif name == CONTENT:
            content = self._lines(other.raw(theirs))
            yield [(*mine.whole, content)] if mine else [self._between(parent, content)]
        elif mine is not None:
            yield from (
                [(*mine.whole, words)] for words in self._moved(theirs, other, self.source.indent(mine.whole[0]))
            )
        else:
            indent = self._child_indent(parent)
            for words in self._moved(theirs, other, indent):
                yield [self._child(parent, words, self.before(theirs, other))]

    def _moved(self, theirs: Node, other: Document, indent: str) -> tuple[str, str]:
        """The element's text, its later lines moved along; as it stands if moving would change a value."""
        raw = other.raw(theirs)
        lines = lines_of(raw)
        later = reindented("".join(lines[1:]), other.source.indent(theirs.whole[0]), indent)
        return self.source.newline.join([lines[0].rstrip("\r\n"), *later]), self._lines(raw)

    def _stands(self, key: Key) -> Node | None:
        """Comments stand above elements, not above their attributes."""
        return super()._stands(key[:-1] if key[-1].startswith("@") or key[-1] in (TEXT, CONTENT) else key)

    def comments(self) -> frozenset[str]:
        return frozenset(LINE_END.sub("\n", comment) for comment in _COMMENT.findall(self.source.text))

    def _comments_above(self, node: Node) -> list[str]:
        found = _LAST_COMMENT.search(self.source.text[: node.whole[0]])
        return [LINE_END.sub("\n", found[0].strip())] if found else []


def escaped(value: str, quote: str) -> str:
    """For an attribute in these quotes."""
    own = {**_ESCAPES, quote: "&quot;" if quote == '"' else "&apos;"}
    return "".join(own.get(sign, sign) for sign in value)


def escaped_text(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;").replace("\r", "&#13;")


def _tag(element: Node) -> str:
    found = PART.match(element.key[-1])
    return found[1] if found else ""


def _element(rest: Key, value: str) -> str:
    """New elements for the missing parts of a key, one within the other."""
    found = PART.fullmatch(rest[0])
    if found is None or rest[0].startswith("@"):
        return f"<{rest[0]}/>"  # no element can be called so: reading it again refuses it
    tag, name, shown = found.groups()
    known = json.loads(shown) if shown and shown.startswith('"') else shown
    head = f"<{tag}" + (f' {name}="{escaped(known, chr(34))}"' if name else "")
    if rest[1:] == (TEXT,):
        return f"{head}>{escaped_text(value)}</{tag}>"
    if len(rest) == 2 and rest[1].startswith("@"):
        more = "" if rest[1][1:] == name else f' {rest[1][1:]}="{escaped(value, chr(34))}"'
        return f"{head}{more}/>"
    return f"{head}>{_element(rest[1:], value)}</{tag}>"
