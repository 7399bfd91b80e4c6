"""Files of one entry a line by key: environment files and INI files. Whole lines come and go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from smena.edit import env_read, ini_read
from smena.edit.document import Document, Ways
from smena.edit.relines import bare
from smena.edit.source import Splice, lines_of
from smena.edit.tree import LEAF, Key, Node


class LinesDocument(Document):
    """What the two kinds share."""

    signs: ClassVar[tuple[str, ...]] = ("#", ";")

    def _remove_ways(self, node: Node) -> Ways:
        yield [(self.source.line_start(node.whole[0]), self.source.line_end(node.whole[1]), "")]

    def _take_ways(self, mine: Node | None, theirs: Node, other: Document) -> Ways:
        parent = self.find(theirs.key[:-1])
        if parent is None:
            return
        lines = [bare(line) for line in lines_of(other.raw(theirs))]
        if mine is not None and mine.shape == theirs.shape:
            yield [(*mine.whole, self.source.newline.join(lines))]
            return
        gone = next(iter(self._remove_ways(mine))) if mine else []
        relatives = [child for child in parent.children.values() if child.shape == theirs.shape and child is not mine]
        place = self._beginning(parent, theirs.shape)
        yield [*gone, self._added(relatives, lines, self.before(theirs, other), place)]

    def _added(self, relatives: Sequence[Node], lines: Sequence[str], after: Node | None, first: int) -> Splice:
        """Below `after` if that is a relative, else below the last one, else at `first`."""
        last = after if after in relatives else max(relatives, key=lambda child: child.whole[1], default=None)
        newline = self.source.newline
        place = self.source.line_end(last.whole[1]) if last else first
        missing = place > 0 and self.source.text[place - 1] not in "\r\n"
        return (place, place, (newline if missing else "") + "".join(line + newline for line in lines))

    def _beginning(self, parent: Node, shape: str) -> int:
        """Where the first child of this shape would stand: under the heading, above all sections, or at the end."""
        if parent.key:
            return self.source.line_end(parent.whole[0])
        sections = [child.whole[0] for child in parent.children.values() if child.shape != LEAF]
        return len(self.source.text) if shape != LEAF else min(sections, default=len(self.source.text))


class EnvDocument(LinesDocument):
    """`KEY=value` lines; a value keeps its quotes, a bare one gets some when it needs them."""

    def _read(self) -> Node:
        return env_read.read(self.source)

    def _new_key(self, name: str) -> Key:
        return (name,)

    def _set_ways(self, node: Node, value: str) -> Ways:
        start, end = node.span
        quotes = 1 if node.style else 0
        for text in _env_values(value, node.style):
            yield [(start - quotes, end + quotes, text)]

    def _insert_ways(self, parent: Node, rest: Key, value: str) -> Ways:
        for text in _env_values(value, ""):
            yield [self._added(list(parent.children.values()), [f"{rest[0]}={text}"], None, len(self.source.text))]


def _env_values(value: str, style: str) -> list[str]:
    """Present quotes first. Bare is only what shells and systemd both read as it stands."""
    escaped = value
    for sign in ("\\", '"', "$", "`"):
        escaped = escaped.replace(sign, "\\" + sign)
    double, single = f'"{escaped}"', f"'{value}'"
    plain = [value] if not set(value) & set(" \t\r\n\"'\\$`#;&|<>()*?~!") else []
    return {"'": [single, double], '"': [double], "": [*plain, double]}[style]


class IniDocument(LinesDocument):
    """Names are `section.key`."""

    def _read(self) -> Node:
        return ini_read.read(self.source)

    def _new_key(self, name: str) -> Key:
        section, dot, key = name.partition(".")
        return (section, key) if dot and (section in self.root.children or not self._sectionless()) else (name,)

    def _sectionless(self) -> bool:
        return not any(node.shape == ini_read.SECTION for node in self.root.children.values())

    def _set_ways(self, node: Node, value: str) -> Ways:
        yield [(*node.span, ("=" if node.style == ini_read.BARE else "") + value)]
        yield [(*node.span, f'"{value}"')]

    def _insert_ways(self, parent: Node, rest: Key, value: str) -> Ways:
        sections = [child for child in parent.children.values() if child.shape == ini_read.SECTION]
        entries = [child for child in parent.children.values() if child.shape != ini_read.SECTION]
        for text in (value, f'"{value}"'):
            entry = f"{rest[-1]}={text}"
            if len(rest) == 1:
                yield [self._added(entries, [entry], None, self._beginning(parent, LEAF))]
            elif len(rest) == 2 and not parent.key:
                yield [self._added(sections, ["", f"[{rest[0]}]", entry], None, len(self.source.text))]
