"""YAML files by key. In blocks whole lines are moved, between braces the items and their commas."""

from __future__ import annotations

from collections.abc import Sequence

from smena.edit import yaml_read, yaml_write
from smena.edit.document import Document, Ways
from smena.edit.relines import reindented
from smena.edit.source import LINE_END, Splice
from smena.edit.tree import LEAF, Key, Node
from smena.edit.yaml_read import BLOCK, FLOW, MAP, NULL, STR

_INDENT = "  "


class YamlDocument(Document):
    """Names join keys with dots; a key may hold dots itself, as the files of the platform do."""

    def _read(self) -> Node:
        return yaml_read.read(self.source)

    def _new_key(self, name: str) -> Key:
        """Below the longest part that is there; else one dotted key where the file has such keys, else nested."""
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            there = self.key(".".join(parts[:length]))
            node = self.find(there) if there else None
            if node is not None and (node.shape == MAP or node.same in ((NULL, ""), (MAP, ()))):
                return (*node.key, *parts[length:])
        dotted = any("." in child for child in self.root.children)
        return (name,) if dotted else tuple(parts)

    # --- a value that is there ----------------------------------------------------------

    def _set_ways(self, node: Node, value: str) -> Ways:
        if node.shape == MAP or node.style in (BLOCK, FLOW):
            return
        lead = self._gap(node)
        if node.style in ("|", ">"):
            column = self.source.indent(node.whole[0]) + _INDENT
            yield [(*node.span, yaml_write.literal(value, column, self.source.newline))]
        for text in yaml_write.scalars(value, node.style, was_text=_tag(node) == STR):
            yield [(*node.span, lead + text)]

    def _gap(self, node: Node) -> str:
        """`key:` with nothing behind it needs a blank before its first value."""
        start = node.span[0]
        return " " if self.source.text[start - 1 : start] == ":" else ""

    # --- a new key -----------------------------------------------------------------------

    def _insert_ways(self, parent: Node, rest: Key, value: str) -> Ways:
        yield from self._added(parent, rest, list(yaml_write.scalars(value, "", was_text=False)), None)

    def _added(self, parent: Node, rest: Key, values: Sequence[str], after: Node | None) -> Ways:
        for text in values:
            for name in self._names(parent, rest[0]):
                if parent.style == FLOW:
                    tail = "".join(f"{{{yaml_write.double(part)}: " for part in rest[1:])
                    yield [self._into_braces(parent, f"{name}: {tail}{text}" + "}" * (len(rest) - 1))]
                elif parent.shape == MAP or parent.same == (NULL, ""):
                    yield [self._as_lines(parent, [name, *map(_plain_or_quoted, rest[1:])], text, after)]

    def _names(self, parent: Node, part: str) -> list[str]:
        """As its relatives are written: in quotes where they are."""
        quoted = any(self.source.text[child.whole[0]] == '"' for child in parent.children.values())
        plain, double = part, yaml_write.double(part)
        return [double] if quoted or not part else [plain, double]

    def _into_braces(self, parent: Node, item: str) -> Splice:
        if parent.children:
            end = list(parent.children.values())[-1].whole[1]
            return (end, end, ", " + item)
        return (*parent.span, "{" + item + "}")

    def _as_lines(self, parent: Node, names: Sequence[str], text: str, after: Node | None) -> Splice:
        indent = self._child_indent(parent)
        lines = [indent + _INDENT * depth + name + ":" for depth, name in enumerate(names)]
        lines[-1] += " " + text if text else ""
        return self._block(parent, lines, after)

    def _child_indent(self, parent: Node) -> str:
        if parent.children:
            return self.source.indent(next(iter(parent.children.values())).whole[0])
        return self.source.indent(parent.whole[0]) + _INDENT if parent.key else ""

    def _block(self, parent: Node, lines: Sequence[str], after: Node | None) -> Splice:
        """Whole lines after `after`, else after the parent's last child, else right below the parent."""
        newline = self.source.newline
        last = after or (list(parent.children.values()) or [parent])[-1]
        place = self.source.line_end(last.whole[1])
        missing = place > 0 and self.source.text[place - 1] not in "\r\n"
        return (place, place, (newline if missing else "") + "".join(line + newline for line in lines))

    # --- taking out -------------------------------------------------------------------------

    def _remove_ways(self, node: Node) -> Ways:
        """A mapping that loses its last key goes with it: `key:` alone would be another value."""
        parent = self.parent(node)
        while len(parent.children) == 1 and parent.key:
            node, parent = parent, self.parent(parent)
        if parent.style == FLOW:
            yield [self._out_of_braces(parent, node)]
        else:
            yield [(*self._lines_of(node), "")]

    def _out_of_braces(self, parent: Node, node: Node) -> Splice:
        items = list(parent.children.values())
        place = items.index(node)
        if place + 1 < len(items):
            return (node.whole[0], items[place + 1].whole[0], "")
        return (items[place - 1].whole[1] if place else node.whole[0], node.whole[1], "")

    def _lines_of(self, node: Node) -> tuple[int, int]:
        return self.source.line_start(node.whole[0]), self.source.line_end(node.whole[1])

    # --- as it is written elsewhere -----------------------------------------------------------

    def _take_ways(self, mine: Node | None, theirs: Node, other: Document) -> Ways:
        parent = self.find(theirs.key[:-1])
        if parent is None:
            return
        if mine is not None and _on_one_line(mine, self) and _on_one_line(theirs, other):
            raw = other.source.text[slice(*theirs.span)]
            yield [(*mine.span, self._gap(mine) + raw if raw else "")]
        if parent.style != FLOW and other.parent(theirs).style != FLOW:
            yield [self._their_lines(parent, mine, theirs, other)]
        text = yaml_write.flow(theirs.same)
        if mine is None:
            yield from self._added(parent, theirs.key[-1:], [text], self.before(theirs, other))
        else:
            yield from ([(*mine.whole, f"{name}: {text}")] for name in self._names(parent, theirs.key[-1]))

    def _their_lines(self, parent: Node, mine: Node | None, theirs: Node, other: Document) -> Splice:
        source = other.source
        start, end = source.line_start(theirs.whole[0]), source.line_end(theirs.whole[1])
        shift = source.indent(theirs.whole[0]), self._child_indent(parent)
        lines = reindented(source.text[start:end], *shift)
        if mine is None:
            return self._block(parent, lines, self.before(theirs, other))
        first, last = self._lines_of(mine)
        return (first, last, "".join(line + self.source.newline for line in lines))


def _on_one_line(node: Node, document: Document) -> bool:
    written = document.source.text[slice(*node.span)]
    return node.shape == LEAF and node.style not in ("|", ">") and not LINE_END.search(written)


def _plain_or_quoted(part: str) -> str:
    return part if part.isidentifier() else yaml_write.double(part)


def _tag(node: Node) -> str:
    same = node.same
    return str(same[0]) if isinstance(same, tuple) else ""
