"""What a file says, as a tree of nodes that know where they stand.

Every kind of file becomes the same tree, so that comparing and merging know no
kind. `same` is what two files are compared by: it leaves out everything that a
program reading the file would not see (comments, blanks, quotes, order of keys).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from smena.edit.source import Span

Key = tuple[str, ...]

MAX_DEPTH = 64

LEAF = "leaf"
#: A container that holds nothing yet: it goes together with every other shape.
EMPTY = "empty"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A key with its value or its children.

    `span` is the value alone (inside its quotes where the kind has such), `whole` includes
    the key or the tags. `style` is how the value is written: each kind has its own few words.
    """

    key: Key
    same: Hashable
    span: Span
    whole: Span
    value: str | None = None
    children: Mapping[str, Node] = field(default_factory=lambda: MappingProxyType({}))
    shape: str = LEAF
    style: str = ""


def find(node: Node, key: Key) -> Node | None:
    for name in key:
        found = node.children.get(name)
        if found is None:
            return None
        node = found
    return node


def leaves(node: Node) -> Iterator[Node]:
    """Every node without children, in the file's order: what has a value, and what is empty."""
    if not node.children:
        yield node
    for child in node.children.values():
        yield from leaves(child)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children.values():
        yield from nodes(child)


def related(one: Key, other: Key) -> bool:
    """One stands within the other, or they are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
