"""Merging by key. What the files mean decides; how the result is written comes second.

Two ways to write are tried. By line, because that keeps the comments and the order of
both sides: taken only if it is clean, says under every key exactly what was decided,
and merging again would leave it as it is. Otherwise the new default with the
administrator's values put in by key.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from smena.edit.differences import Difference, Verdict, differences
from smena.edit.document import Document
from smena.edit.format import Format
from smena.edit.masks import Veil
from smena.edit.merge_lines import line_merged
from smena.edit.merging import Change, Conflict, Merge, Settled, What
from smena.edit.resolutions import Resolution, Resolutions
from smena.edit.source import LINE_END, read_source
from smena.edit.tree import Key, leaves
from smena.errors import BadContent


@dataclass(frozen=True, slots=True)
class _Decision:
    what: Difference
    verdict: Verdict
    chosen: Resolution | None

    @property
    def side(self) -> str:
        return self.chosen.side if self.chosen else self.verdict


def merge_keys(
    form: Format, base: Document | None, ours: Document, new: Document, resolutions: Resolutions, veil: Veil
) -> Merge:
    """Judge every difference; write the result only if nothing is left to decide."""
    decisions = [
        _Decision(found, found.verdict(base is not None), resolutions.get(new.name(found.key)))
        for found in differences(base.root if base else None, ours.root, new.root)
    ]
    said = _Words(base, ours, new, veil)
    conflicts = [said.conflict(decision.what) for decision in decisions if decision.side == "conflict"]
    result = None if conflicts else _Writing(form, base, ours, new, decisions).best()
    return Merge(
        new.source.file,
        result,
        tuple(said.change(decision.what) for decision in decisions if decision.side == "ours" and not decision.chosen),
        tuple(conflicts),
        tuple(Settled(new.name(one.what.key), one.chosen.side) for one in decisions if one.chosen),
        base is None,
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    form: Format
    base: Document | None
    ours: Document
    new: Document
    decisions: Sequence[_Decision]

    def best(self) -> bytes:
        """By line where that is proven to hold; a file that is merged already stays as it is."""
        by_line = self._by_line()
        one_sided = self.base is not None and self.base.data in (self.ours.data, self.new.data)
        if by_line is not None and (one_sided or by_line == self.ours.data):
            return by_line
        try:
            by_key = self._by_key()
        except BadContent:  # cannot be put in by key without harm; by line it may still be right
            if by_line is None:
                raise
            return by_line
        if self._is_ours(by_key):
            return self.ours.data
        return by_key.data if by_line is None else by_line

    def _is_ours(self, by_key: Document) -> bool:
        """The administrator's file is merged already: the same said in the same lines, but for order and comments."""
        return by_key.data == self.ours.data or (_lines(by_key) == _lines(self.ours) and self._holds(self.ours))

    def _by_key(self) -> Document:
        """First what is put in, then what is taken out, so that no section is empty in between."""
        document = self.new
        for one in self.decisions:
            if one.chosen and one.side == "value":
                document = document.put(one.what.key, one.chosen.value)
            elif one.side == "ours" and one.what.ours is not None:
                document = document.take(one.what.key, self.ours)
        for one in self.decisions:
            if one.side == "ours" and one.what.ours is None and document.find(one.what.key):
                document = document.remove(one.what.key)
        return document

    def _by_line(self) -> bytes | None:
        if self.base is None:
            return None
        base, new = self.base.source, self.new.source
        result = line_merged(base, self.ours.source, new)
        if result is None or not (document := self._read(result)) or not self._holds(document):
            return None
        return result if line_merged(base, document.source, new) == result else None

    def _read(self, data: bytes) -> Document | None:
        try:
            return type(self.new)(read_source(self.form, data, self.new.source.file))
        except BadContent:  # merged lines need not make a whole; then they are not used
            return None

    def _holds(self, document: Document) -> bool:
        """Every decision is there, and everything else is as in the new default."""
        decided = {one.what.key for one in self.decisions}
        above = {key[:length] for key in decided for length in range(len(key))}
        if _apart(document, decided, above) != _apart(self.new, decided, above):
            return False
        return all(self._decided(document, one) for one in self.decisions)

    def _decided(self, document: Document, one: _Decision) -> bool:
        found = document.find(one.what.key)
        if one.chosen and one.chosen.side == "value":
            return found is not None and found.value == one.chosen.value
        wanted = one.what.ours if one.side == "ours" else one.what.new
        return (found.same if found else None) == (wanted.same if wanted else None)


def _lines(document: Document) -> tuple[object, ...]:
    source = document.source
    lines = LINE_END.split(document.comment.sub("", source.text))
    return source.mark, source.encoding, source.newline, sorted(line for line in lines if line.strip())


def _apart(document: Document, decided: set[Key], above: set[Key]) -> dict[Key, Hashable]:
    """What no decision touches."""
    return {
        node.key: node.same
        for node in leaves(document.root)
        if node.key not in above and not any(node.key[:length] in decided for length in range(1, len(node.key) + 1))
    }


@dataclass(frozen=True, slots=True)
class _Words:
    """Differences as people may see them."""

    base: Document | None
    ours: Document
    new: Document
    veil: Veil

    def change(self, what: Difference) -> Change:
        kind: What = "removed" if what.ours is None else "added" if what.new is None else "changed"
        return Change(self.new.name(what.key), kind, *self._sides(what))

    def conflict(self, what: Difference) -> Conflict:
        line = self.ours.line(what.ours) if what.ours else 0
        return Conflict(self.new.name(what.key), line, *self._sides(what))

    def _sides(self, what: Difference) -> tuple[str | None, str | None, str | None]:
        base = self.veil.value(self.base, what.base) if self.base else None
        return base, self.veil.value(self.ours, what.ours), self.veil.value(self.new, what.new)
