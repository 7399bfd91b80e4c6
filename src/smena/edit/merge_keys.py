"""Merging by key: what the files mean decides; how the result is written is `write_merged`."""

from __future__ import annotations

from dataclasses import dataclass

from smena.edit.differences import Difference, differences
from smena.edit.document import Document
from smena.edit.format import Format
from smena.edit.masks import Veil
from smena.edit.merging import Change, Conflict, Merge, Settled, What
from smena.edit.resolutions import Resolutions
from smena.edit.write_merged import Decision, Writing


def merge_keys(
    form: Format, base: Document | None, ours: Document, new: Document, resolutions: Resolutions, veil: Veil
) -> Merge:
    """Judge every difference; write the result only if nothing is left to decide."""
    decisions = [
        Decision(found, found.verdict(base is not None), resolutions.get(new.name(found.key)))
        for found in differences(base.root if base else None, ours.root, new.root)
    ]
    said = _Words(base, ours, new, veil)
    conflicts = [said.conflict(decision.what) for decision in decisions if decision.side == "conflict"]
    result = None if conflicts else Writing(form, base, ours, new).best(decisions)
    return Merge(
        new.source.file,
        result,
        tuple(said.change(decision.what) for decision in decisions if decision.side == "ours" and not decision.chosen),
        tuple(conflicts),
        tuple(Settled(new.name(one.what.key), one.chosen.side) for one in decisions if one.chosen),
        base is None,
    )


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
