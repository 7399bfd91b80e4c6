"""The state of one reading: mistakes so far, and what has to be judged once all is read.

A wrong value never stops the reading. It is reported and replaced by a blank, so that
everything behind it is looked at too; a list or mapping that could not be read at all is
remembered as `broken`, so that nobody complains about names that are missing in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from smena.definition.condition import Condition
from smena.definition.mistake import Mistakes, short
from smena.definition.nodes import Fields, Items, Node, Path, Refused, Scalar, find
from smena.text import Text, _

Decoder = Callable[[Node, Path, "Reading"], Any]
"""Reads one node of a known type: it always returns a value, and reports what was wrong."""


class Written(NamedTuple):
    """A value whose meaning depends on the rest of the definition."""

    kind: Any
    """Its type of `scalars.py`, or `Localized`."""
    text: str
    path: Path
    node: Scalar


class Reading:
    """What reading a definition has found."""

    def __init__(self, root: Node, mistakes: Mistakes) -> None:
        self.root = root
        self.mistakes = mistakes
        self.written: list[Written] = []
        self.conditions: list[tuple[Path, Condition]] = []
        self.broken: set[Path] = set()

    def wrong(self, node: Node, path: Path, text: Text, right: Text | None = None) -> None:
        self.mistakes.add(node.line, node.column, path, text, right)

    def wrong_at(self, path: Path, text: Text, right: Text | None = None) -> None:
        """A mistake that was found in the typed objects: its place is looked up only now."""
        self.wrong(find(self.root, path), path, text, right)

    def line_of(self, path: Path) -> int:
        return find(self.root, path).line

    def unread(self, path: Path) -> bool:
        """Whether what stands at this path, or above it, could not be read."""
        return any(path[:length] in self.broken for length in range(len(path) + 1))

    def misfit(self, node: Node, path: Path, wanted: Text, right: Text | None = None) -> None:
        """A list where text is wanted, and the like."""
        self.broken.add(path)
        if isinstance(node, Refused):
            return  # reported where it was met
        if isinstance(node, Scalar) and node.empty:
            self.wrong(node, path, _("is empty: leave it out, or say something"), right)
        else:
            self.wrong(node, path, _("{found} where {wanted} is wanted", found=_found(node), wanted=wanted), right)

    def pairs(self, node: Fields, path: Path) -> Iterator[tuple[Scalar, Node]]:
        """The pairs of a mapping, each name once."""
        seen: dict[str, int] = {}
        for key, value in node.pairs:
            name = key.text
            if name in seen:
                what = _("{name} stands here twice; the first is in line {line}", name=short(name), line=seen[name])
                self.wrong(key, (*path, name), what)
            else:
                seen[name] = key.line
                yield key, value


def _found(node: Node) -> Text:
    if isinstance(node, Fields):
        return _("a mapping")
    return _("a list") if isinstance(node, Items) else _("a single value")
