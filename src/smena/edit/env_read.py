"""Environment files: `KEY=value` with quotes, `export`, comments, a backslash at the end of a line.

As systemd reads them: a key that stands twice has its last value; what follows a `#`
inside a line belongs to the value. Anything else on a line is refused: it would be
shell code, and a merge by key cannot know what that does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smena.edit.source import Source, bad
from smena.edit.tree import Node
from smena.text import _

FLAT = "flat"
_BLANK = re.compile(r"[ \t]*(?:[#;][^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_KEY = re.compile(r"[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*")
_SINGLE = re.compile(r"'([^']*)'(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"(?=[ \t]*(?:[ \t]#[^\r\n]*)?(?:[\r\n]|\Z))', re.DOTALL)
_BARE = re.compile(r"(?:[^\r\n\\]|\\(?:\r\n|[^\r]|\r|\Z))*")
_CONTINUED = re.compile(r"\\(?:\r\n|\n|\r)")
_ESCAPED = re.compile(r"\\([\"\\$`])")


def read(source: Source) -> Node:
    children: dict[str, Node] = {}
    for node in _lines(source):
        children.pop(node.key[0], None)  # the last one counts, and stands where it stands
        children[node.key[0]] = node
    everything = (0, len(source.text))
    same = tuple(sorted((name, child.same) for name, child in children.items()))
    return Node((), same, everything, everything, children=children, shape=FLAT)


def _lines(source: Source) -> Iterator[Node]:
    position = 0
    while position < len(source.text):
        if blank := _BLANK.match(source.text, position):
            position = max(blank.end(), position + 1)
            continue
        node = _entry(source, position)
        yield node
        position = source.line_end(node.whole[1])


def _entry(source: Source, position: int) -> Node:
    found = _KEY.match(source.text, position)
    if found is None:
        raise bad(source.file, source.line(position), _("this is neither a comment nor KEY=value"))
    start, key = found.end(), (found[1],)
    for style, pattern in (("'", _SINGLE), ('"', _DOUBLE)):
        if quoted := pattern.match(source.text, start):
            value = _CONTINUED.sub("", quoted[1]) if style == '"' else quoted[1]
            value = _ESCAPED.sub(r"\1", value) if style == '"' else value
            value = value.replace("\r\n", "\n")
            return Node(key, value, quoted.span(1), (position, quoted.end()), value, style=style)
    bare = _BARE.match(source.text, start)
    end = start + len(bare[0].rstrip(" \t")) if bare else start
    raw = source.text[start:end]
    if raw[:1] in ("'", '"') and raw.count(raw[0]) == 1:
        raise bad(source.file, source.line(start), _("a quote is opened here and not closed"))
    value = _CONTINUED.sub("", raw)
    return Node(key, value, (start, end), (position, end), value)
