"""INI files: `[section]`, `key=value`, comments. Values are taken as they stand, but for quotes around them."""

from __future__ import annotations

import re
from dataclasses import replace

from smena.edit.source import Source, bad, lines_of
from smena.edit.tree import Key, Node
from smena.text import _

SECTION, FLAT = "section", "flat"
BARE = "bare"
_SECTION = re.compile(r"[ \t]*\[([^\]\r\n]+)\][ \t]*(?:[;#].*)?$")
_ENTRY = re.compile(r"[ \t]*([^=:\s\[][^=\r\n]*?)[ \t]*(?:=[ \t]*(.*?))?[ \t]*$")
_QUOTED = re.compile(r"([\"'])(.*)\1$")


def read(source: Source) -> Node:
    reader = _Reader(source)
    for line in lines_of(source.text):
        reader.line(line)
    return reader.root()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.position = 0
        self.section: Key = ()
        self.heads: dict[str, Node] = {}
        self.entries: dict[Key, Node] = {}

    def line(self, line: str) -> None:
        start, text = self.position, line.rstrip("\r\n")
        self.position += len(line)
        if not text.strip() or text.lstrip().startswith((";", "#")):
            return
        if head := _SECTION.match(text):
            self.section = (head[1],)
            whole = (start, start + len(text.rstrip()))
            self.heads.setdefault(head[1], Node(self.section, (), whole, whole, shape=SECTION))
        elif (name := text.partition("=")[0].strip()) and not name.startswith("["):
            node = self._entry((*self.section, name), start, text)
            self.entries.pop(node.key, None)  # the last one counts
            self.entries[node.key] = node
        else:
            raise bad(
                self.source.file, self.source.line(start), _("this is neither a comment, a section nor key=value")
            )

    def _entry(self, key: Key, start: int, text: str) -> Node:
        before, equals, written = text.partition("=")
        end = start + len(text.rstrip())
        if not equals:
            return Node(key, None, (end, end), (start, end), "", style=BARE)
        first = start + len(before) + 1 + len(written) - len(written.lstrip())
        span = (min(first, end), end)
        quoted = _QUOTED.match(written.strip())
        if quoted:
            span = (span[0] + 1, span[1] - 1)
        value = quoted[2] if quoted else written.strip()
        return Node(key, value, span, (start, end), value, style=quoted[1] if quoted else "")

    def root(self) -> Node:
        children: dict[str, Node] = {}
        for name, head in self.heads.items():
            mine = {key[-1]: node for key, node in self.entries.items() if key[:-1] == (name,)}
            end = max([head.whole[1], *(node.whole[1] for node in mine.values())])
            children[name] = replace(head, children=mine, same=_same(mine), whole=(head.whole[0], end))
        outside = {key[0]: node for key, node in self.entries.items() if len(key) == 1}
        for name in outside.keys() & children.keys():
            line = self.source.line(outside[name].whole[0])
            raise bad(self.source.file, line, _("{key} is a key and a section", key=name))
        children = {**outside, **children}
        everything = (0, len(self.source.text))
        return Node((), _same(children), everything, everything, children=children, shape=FLAT)


def _same(children: dict[str, Node]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(((name, child.same) for name, child in children.items()), key=lambda pair: pair[0]))
