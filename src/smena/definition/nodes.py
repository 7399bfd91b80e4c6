"""What a definition's file says, before anybody asks what it means.

Three kinds of node, each with the place where it was written. A scalar keeps its
text exactly as written: nothing guesses a type here, the field decides later.
Lines and columns count from one, as editors do.
"""

from __future__ import annotations

Path = tuple[str | int, ...]


class Scalar:
    """One value: text, and whether it stood without quotes (an empty plain one is no value at all)."""

    __slots__ = ("column", "line", "plain", "text")

    def __init__(self, text: str, line: int, column: int, plain: bool = True) -> None:
        self.text = text
        self.line = line
        self.column = column
        self.plain = plain

    @property
    def empty(self) -> bool:
        """`key:` with nothing behind it."""
        return self.plain and not self.text


class Items:
    """A list."""

    __slots__ = ("column", "items", "line")

    def __init__(self, line: int, column: int) -> None:
        self.items: list[Node] = []
        self.line = line
        self.column = column


class Fields:
    """A mapping, in the order written; a name that stands twice is still there twice."""

    __slots__ = ("_names", "column", "key", "line", "pairs")

    def __init__(self, line: int, column: int) -> None:
        self.pairs: list[tuple[Scalar, Node]] = []
        self.line = line
        self.column = column
        self.key: Scalar | Refused | None = None  # while it is being read: the name that waits for its value
        self._names: dict[str | int, Node] = {}

    def by_name(self) -> dict[str | int, Node]:
        """The values by name, once everything is read; of a name that stands twice the first."""
        if not self._names:
            self._names = {key.text: value for key, value in reversed(self.pairs)}
        return self._names


class Refused:
    """Something that was reported already (an alias, a list as a name): nobody complains about it twice."""

    __slots__ = ("column", "line")

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column


Node = Scalar | Items | Fields | Refused


def find(root: Node, path: Path) -> Node:
    """The node at a path, or the nearest one above it: a complaint must point somewhere."""
    node = root
    for name in path:
        below = _below(node, name)
        if below is None:
            break
        node = below
    return node


def _below(node: Node, name: str | int) -> Node | None:
    if isinstance(node, Fields):
        return node.by_name().get(name)
    if isinstance(node, Items) and isinstance(name, int) and name < len(node.items):
        return node.items[name]
    return None


def dotted(path: Path) -> str:
    """A path as people read it: `upgrades[3].risks[0]`."""
    shown = ""
    for name in path:
        shown += f"[{name}]" if isinstance(name, int) else f".{name}" if shown else name
    return shown
