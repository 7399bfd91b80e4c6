"""Mistakes in a definition, gathered so that all of them are shown at once.

There is a limit: a file with more than `LIMIT` mistakes is no definition, and looking
for the nearest name of each would only keep a person waiting.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple, NoReturn

from smena.definition.nodes import Path, dotted
from smena.text import Text, _, plain

LIMIT = 500
_KNOWN = 2000
_CANDIDATES = 300
_NAME_LENGTH = 64
_FIELD_LENGTH = 200
_PREFIX = 3
_LISTED = 12


class Mistake(NamedTuple):
    """One thing that is wrong, where, and what would be right if that is known."""

    file: str
    line: int
    column: int
    field: str
    text: Text
    right: Text | None = None

    def sentence(self) -> Text:
        """All of it in one line."""
        place = plain(f"{self.file}:{self.line}:{self.column}")
        if self.right is None:
            return _("{place}: {field}: {what}", place=place, field=self.field or "–", what=self.text)
        return _(
            "{place}: {field}: {what}; right: {right}",
            place=place,
            field=self.field or "–",
            what=self.text,
            right=self.right,
        )


def short(text: str) -> str:
    """As much of a value as a sentence can carry."""
    return text if len(text) <= _NAME_LENGTH else text[:_NAME_LENGTH] + "…"


class Enough(Exception):
    """The limit is reached; whoever started the reading catches it."""


class Wrong(ValueError):
    """A single value that cannot be what its field wants; it has no place yet."""

    def __init__(self, text: Text, right: Text | None = None) -> None:
        super().__init__(text)
        self.text = text
        self.right = right


class Mistakes:
    """The list that everything which reads a definition writes into."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.all: list[Mistake] = []

    def add(self, line: int, column: int, path: Path, text: Text, right: Text | None = None) -> None:
        field = dotted(path)
        if len(field) > _FIELD_LENGTH:
            field = field[:_FIELD_LENGTH] + "…"
        self.all.append(Mistake(self.file, line, column, field, text, right))
        if len(self.all) >= LIMIT:
            self._enough(line, column)

    def about(self, field: str) -> bool:
        """Whether something is wrong with this very field."""
        return any(mistake.field == field for mistake in self.all)

    def _enough(self, line: int, column: int) -> NoReturn:
        text = _("there are more than {count} mistakes; the rest is not looked at", count=LIMIT)
        self.all.append(Mistake(self.file, line, column, "", text))
        raise Enough

    def in_order(self) -> list[Mistake]:
        """By place in the file, so that a person can work through them with an editor."""
        return sorted(self.all, key=lambda mistake: (mistake.line, mistake.column))


def near(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant: the only one that begins so, or one that looks like it."""
    known = list(islice(known, _KNOWN))
    longer = [other for other in known if other.startswith(name)] if len(name) >= _PREFIX else []
    if len(longer) == 1:
        return longer[0]
    alike = [other for other in known if abs(len(other) - len(name)) <= _NAME_LENGTH // 8][:_CANDIDATES]
    found = difflib.get_close_matches(name[:_NAME_LENGTH], alike, 1, 0.6)
    return found[0] if found else None


def nearest(name: str, known: Iterable[str]) -> Text | None:
    """What would be right instead of `name`; if nothing is near and there are few, all of them."""
    names = list(islice(known, _KNOWN))
    found = near(name, names)
    if found:
        return plain(found)
    return one_of(sorted(names)) if names and len(names) <= _LISTED else None


def one_of(names: Iterable[str]) -> Text:
    return _("one of: {names}", names=", ".join(names))
