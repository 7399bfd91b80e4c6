"""Writing down what a merge by key decided.

Two ways are tried. By line, because that keeps the comments and the order of both sides:
taken only if it is clean, says under every key exactly what was decided, and merging again
would leave it as it is. Otherwise the new default with the administrator's values put in by
key: all at once where that proves right, else in halves, at last one by one.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from smena.edit.differences import Difference, Verdict
from smena.edit.document import Document
from smena.edit.format import Format
from smena.edit.merge_lines import line_merged
from smena.edit.resolutions import Resolution
from smena.edit.source import LINE_END, Splice, read_source
from smena.edit.tree import LEAF, Key, Node, leaves
from smena.errors import BadContent


@dataclass(frozen=True, slots=True)
class Decision:
    """A difference, who changed it, and what a person chose, if one had to."""

    what: Difference
    verdict: Verdict
    chosen: Resolution | None

    @property
    def side(self) -> str:
        return self.chosen.side if self.chosen else self.verdict

    @property
    def wanted(self) -> Node | None:
        return self.what.ours if self.side == "ours" else self.what.new

    def holds(self, document: Document) -> bool:
        found = document.find(self.what.key)
        if self.chosen and self.side == "value":
            return found is not None and found.value == self.chosen.value
        return (found.same if found else None) == (self.wanted.same if self.wanted else None)


Decisions = Sequence[Decision]


@dataclass(frozen=True, slots=True)
class Writing:
    form: Format
    base: Document | None
    ours: Document
    new: Document

    def best(self, decisions: Decisions) -> bytes:
        """By line where that is proven to hold; a file that is merged already stays as it is."""
        merged = self._by_line(decisions)
        if merged is not None and self.base and self.base.data in (self.ours.data, self.new.data):
            return merged.data
        merged = merged or self._by_key(decisions)
        same = _lines(merged) == _lines(self.ours) and holds(self.new, self.ours, decisions)
        return self.ours.data if same else merged.data

    def _by_line(self, decisions: Decisions) -> Document | None:
        if self.base is None:
            return None
        base, new = self.base.source, self.new.source
        result = line_merged(base, self.ours.source, new)
        document = self._read(result)
        if document is None or not holds(self.new, document, decisions):
            return None
        return document if line_merged(base, document.source, new) == result else None

    def _read(self, data: bytes | None) -> Document | None:
        if data is None:
            return None
        try:
            return type(self.new)(read_source(self.form, data, self.new.source.file))
        except BadContent:  # merged lines need not make a whole; then they are not used
            return None

    def _by_key(self, decisions: Decisions) -> Document:
        """First what is put in, then what is taken out, so that no section is empty in between."""
        document = self.new
        for one in decisions:
            if one.chosen and one.side == "value":
                document = document.put(one.what.key, one.chosen.value)
        ours = [one for one in decisions if one.side == "ours"]
        document = self._applied(document, [one for one in ours if one.wanted])
        gone = [one for one in ours if not one.wanted and document.find(one.what.key)]
        return self._with_comments(self._applied(document, gone), ours)

    def _with_comments(self, document: Document, carried: Decisions) -> Document:
        """What the administrator noted above a value goes with it; without a base, only what is not in the new file."""
        known = self.new.comments() | (self.base.comments() if self.base else frozenset())
        mine = (one.what.key for one in carried if one.wanted and (self.base or not one.what.new))
        notes = dict.fromkeys(filter(None, (document.note(key, self.ours, known) for key in mine)))
        try:
            noted = type(document)(document.source.spliced(list(notes)))
        except BadContent:  # the new file's encoding has no such signs: no comment is worth refusing the merge
            return document
        return noted if holds(document, noted, []) else document

    def _applied(self, document: Document, decisions: Decisions) -> Document:
        if not decisions:
            return document
        if len(decisions) == 1:
            key = decisions[0].what.key
            return document.take(key, self.ours) if decisions[0].wanted else document.remove(key)
        if (edited := self._at_once(document, decisions)) is not None:
            return edited
        half = len(decisions) // 2
        return self._applied(self._applied(document, decisions[:half]), decisions[half:])

    def _at_once(self, document: Document, decisions: Decisions) -> Document | None:
        splices: list[Splice] = []
        for one in decisions:
            way = document.first_way(one.what.key, self.ours if one.wanted else None)
            if way is None:
                return None
            splices += way
        if _overlap([(start, end) for start, end, _words in splices]):
            return None
        try:
            edited = type(document)(document.source.spliced(splices))
        except BadContent:  # together they do not fit; apart they may
            return None
        return edited if holds(document, edited, decisions) else None


def holds(before: Document, after: Document, decisions: Decisions) -> bool:
    """Every decision is there, and everything else is as it was before."""
    decided = {one.what.key for one in decisions}
    above = {key[:length] for key in decided for length in range(len(key))}
    if _apart(after, decided, above) != _apart(before, decided, above):
        return False
    known = {node.key for node in leaves(before.root)}
    stumps = (node for node in leaves(after.root) if node.key and node.key in above and node.shape == LEAF)
    return all(node.key in known for node in stumps) and all(one.holds(after) for one in decisions)


def _apart(document: Document, decided: set[Key], above: set[Key]) -> dict[Key, Hashable]:
    """What no decision touches."""
    return {
        node.key: node.same
        for node in leaves(document.root)
        if node.key not in above and not any(node.key[:length] in decided for length in range(1, len(node.key) + 1))
    }


def _overlap(spans: list[tuple[int, int]]) -> bool:
    spans = sorted(spans)
    return any(first[1] > second[0] for first, second in pairwise(spans))


def _lines(document: Document) -> tuple[object, ...]:
    """What makes two writings of the same meaning one: the lines, but for their order."""
    source = document.source
    lines = LINE_END.split(source.text)
    return source.mark, source.encoding, source.newline, sorted(line for line in lines if line.strip())
