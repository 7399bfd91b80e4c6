"""A file that can be asked and changed by key; the form that every kind shares.

A document is a value: each change gives a new one. A kind only *proposes* how a
change could be written, best way first. Every proposal is read again, and is
taken only if the key now is what was wanted and no other key has changed.
So a mistake in a proposal can cost a comment's place, never a value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import ClassVar, Self

from smena.edit.relines import comments_above
from smena.edit.source import LINE_END, Source, Splice, lines_of, visible
from smena.edit.tree import Key, Node, find, leaves, nodes, related
from smena.errors import BadContent, CannotEdit
from smena.text import Text, _

Ways = Iterable[Sequence[Splice]]


class Document(ABC):
    """Raises `BadContent` with the line where a file cannot be understood."""

    separator: ClassVar[str] = "."
    signs: ClassVar[tuple[str, ...]] = ("#",)

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root = self._read()

    # --- asking -------------------------------------------------------------------

    @property
    def data(self) -> bytes:
        return self.source.data

    def entries(self) -> tuple[Node, ...]:
        """Everything that has a value, in the file's order."""
        return tuple(node for node in leaves(self.root) if node.key)

    def find(self, key: Key) -> Node | None:
        return find(self.root, key)

    def get(self, key: Key) -> str | None:
        """The value; None where there is no such key or where it holds others."""
        node = self.find(key)
        return node.value if node else None

    def line(self, node: Node) -> int:
        return self.source.line(node.whole[0])

    def raw(self, node: Node) -> str:
        """The node as it is written."""
        return self.source.text[slice(*node.whole)]

    @classmethod
    def name(cls, key: Key) -> str:
        """The key as people write it: `db.workDir`, `configuration/appSettings/add[key=Port]/@value`."""
        return visible(cls.separator.join(key))

    def key(self, name: str) -> Key | None:
        """The key that stands in the file under this name; one name for two keys is refused."""
        found = [node.key for node in nodes(self.root) if node.key and self._called(node.key, name)]
        if len(found) > 1:
            raise BadContent(
                _("cannot use {file}", file=self.source.file),
                why=[_("{key} stands in it {count} times", key=name, count=len(found))],
            )
        return found[0] if found else None

    def place(self, name: str) -> Key:
        """Where this name stands, or would stand if it were added."""
        return self.key(name) or self._new_key(name)

    # --- changing -------------------------------------------------------------------

    def set(self, key: Key, value: str) -> Self:
        """Replace a value that is there, in the quotes it is written in where they can hold it."""
        node = self._there(key)
        if node.value is None:
            raise self._cannot(key, _("it holds other keys, not a value"))
        if node.value == value:
            return self
        return self._proved(key, self._set_ways(node, value), lambda found: _value(found) == value)

    def insert(self, key: Key, value: str) -> Self:
        """Add a key that is not there, after its relatives, indented as they are."""
        if self.find(key) is not None:
            raise self._cannot(key, _("it is in the file already"))
        parent, rest = self.root, key
        while (child := parent.children.get(rest[0])) is not None:
            parent, rest = child, rest[1:]
        ways = self._insert_ways(parent, rest, value)
        return self._proved(key, ways, lambda found: _value(found) == value, within=(*parent.key, rest[0]))

    def put(self, key: Key, value: str) -> Self:
        return self.insert(key, value) if self.find(key) is None else self.set(key, value)

    def remove(self, key: Key) -> Self:
        """Take out a key with everything under it; comments around it stay."""
        node = self._there(key)
        return self._proved(key, self._remove_ways(node), lambda found: found is None)

    def take(self, key: Key, other: Document) -> Self:
        """Make the key what it is in `other` (a file of the same kind), written as it is written there."""
        theirs = other._there(key)
        wanted: Hashable = theirs.same
        mine = self.find(key)
        if mine is not None and mine.same == wanted:
            return self
        ways = self._take_ways(mine, theirs, other)
        return self._proved(key, ways, lambda found: found is not None and found.same == wanted)

    def first_way(self, key: Key, other: Document | None) -> Sequence[Splice] | None:
        """The unproven first proposal to take a key from `other`, or to remove it: for whoever proves many together."""
        mine = self.find(key)
        if other is not None:
            theirs = other.find(key)
            return next(iter(self._take_ways(mine, theirs, other)), None) if theirs else None
        return next(iter(self._remove_ways(mine)), None) if mine else None

    def comments(self) -> frozenset[str]:
        """Every comment with lines of its own; line ends as LF."""
        lines = (line.strip() for line in lines_of(self.source.text))
        return frozenset(line for line in lines if line.startswith(self.signs))

    def note(self, key: Key, other: Document, known: frozenset[str]) -> Splice | None:
        """The comment that stands above the key in `other`, unless it is known: how it would stand above it here."""
        mine, theirs = self._stands(key), other._stands(key)
        if mine is None or theirs is None or not self.source.starts_line(mine.whole[0]):
            return None
        newline, place = self.source.newline, self.source.line_start(mine.whole[0])
        comments = [comment for comment in other._comments_above(theirs) if comment not in known]
        lines = [self.source.indent(mine.whole[0]) + LINE_END.sub(newline, comment) + newline for comment in comments]
        return (place, place, "".join(lines)) if lines else None

    # --- what a kind brings -----------------------------------------------------------

    @abstractmethod
    def _read(self) -> Node: ...

    @abstractmethod
    def _set_ways(self, node: Node, value: str) -> Ways: ...

    @abstractmethod
    def _insert_ways(self, parent: Node, rest: Key, value: str) -> Ways:
        """`parent` is the nearest node that is there, `rest` what of the key is not."""

    @abstractmethod
    def _remove_ways(self, node: Node) -> Ways: ...

    @abstractmethod
    def _take_ways(self, mine: Node | None, theirs: Node, other: Document) -> Ways: ...

    @abstractmethod
    def _new_key(self, name: str) -> Key: ...

    def _called(self, key: Key, name: str) -> bool:
        return self.name(key) == name

    def _stands(self, key: Key) -> Node | None:
        """The node above which a comment on this key would stand."""
        return self.find(key)

    def _comments_above(self, node: Node) -> list[str]:
        if not self.source.starts_line(node.whole[0]):
            return []
        return comments_above(self.source, self.source.line_start(node.whole[0]), self.signs)

    # --- helpers of the kinds ------------------------------------------------------------

    def parent(self, node: Node) -> Node:
        return find(self.root, node.key[:-1]) or self.root

    def before(self, theirs: Node, other: Document) -> Node | None:
        """The nearest relative that stands before `theirs` in the other file and is in this one too."""
        here = self.find(theirs.key[:-1])
        relatives: Mapping[str, Node] = here.children if here else {}
        last = None
        for name in other.parent(theirs).children:
            if name == theirs.key[-1]:
                break
            last = relatives.get(name, last)
        return last

    def _there(self, key: Key) -> Node:
        node = self.find(key)
        if node is None:
            raise self._cannot(key, _("it is not in the file"))
        return node

    def _proved(self, key: Key, ways: Ways, proof: Callable[[Node | None], bool], within: Key | None = None) -> Self:
        """The first way that proves right; `within` is what else may change with the key (a new section around it)."""
        rest = self._apart_from(within or key)
        reasons: list[Text] = []
        for splices in ways:
            try:
                edited = type(self)(self.source.spliced(splices))
            except BadContent as error:  # this way does not work; the last reason is told if none does
                reasons = list(error.why)
                continue
            if proof(edited.find(key)) and edited._apart_from(within or key) == rest:
                return edited
        raise self._cannot(key, *(reasons or [_("it cannot be written there without changing something else")]))

    def _apart_from(self, key: Key) -> dict[Key, Hashable]:
        return {node.key: node.same for node in leaves(self.root) if not related(node.key, key)}

    def _cannot(self, key: Key, *why: Text) -> CannotEdit:
        return CannotEdit(_("cannot change {key} in {file}", key=self.name(key), file=self.source.file), why=why)


def _value(node: Node | None) -> str:
    """An empty text is written as nothing, so what is not there counts as empty."""
    return "" if node is None else node.value or ""
