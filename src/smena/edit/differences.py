"""Where the administrator's file and the new default differ, and who changed what: pure comparing of trees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from smena.edit.tree import EMPTY, LEAF, Key, Node

Verdict = Literal["ours", "new", "conflict"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place, as small as all three files can be compared there; None: not there."""

    key: Key
    base: Node | None
    ours: Node | None
    new: Node | None

    def verdict(self, known_base: bool) -> Verdict:
        """Who changed it alone counts. Without a base all is the administrator's but what only the new file has."""
        if not known_base:
            return "new" if self.ours is None else "ours"
        if _alike(self.ours, self.base):
            return "new"
        return "ours" if _alike(self.new, self.base) else "conflict"


def differences(base: Node | None, ours: Node | None, new: Node | None) -> Iterator[Difference]:
    """From the top down: containers of one shape are compared child by child, everything else as a whole."""
    if _alike(ours, new):
        return
    if ours is None or new is None or not _comparable(base, ours, new):
        yield Difference(_key(ours or new), base, ours, new)
        return
    below = base.children if base is not None and _joinable(base, new) and _joinable(base, ours) else {}
    for name in [*new.children, *(name for name in ours.children if name not in new.children)]:
        yield from differences(below.get(name), ours.children.get(name), new.children.get(name))


def _comparable(base: Node | None, ours: Node, new: Node) -> bool:
    """An element that both sides added, one of them empty, is no container yet: being empty may be its value."""
    return _joinable(ours, new) and (ours.shape == new.shape or (base is not None and _joinable(base, ours)))


def _joinable(one: Node, other: Node) -> bool:
    shapes = {one.shape, other.shape}
    return LEAF not in shapes and len(shapes - {EMPTY}) <= 1


def _alike(one: Node | None, other: Node | None) -> bool:
    return one is other or (one is not None and other is not None and one.same == other.same)


def _key(node: Node | None) -> Key:
    return node.key if node else ()
