"""Names that mix alphabets: `сomindware` with a Cyrillic «с» looks right and is not found.

Only within one word: `Документы Word` is two words and nobody's mistake.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+")
_LOOKUP = re.compile(r"\$\{[^{}]*\}")
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")
_TWINS = str.maketrans("АВЕЅІЈКМНОРСТУХаеѕіјорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABESIJKMHOPCTYXaesijopcyxABEZHIKMNOPTYXo")


class Mixed(NamedTuple):
    """The character that does not belong, its place in the text (from 1), and the word as it was probably meant."""

    character: str
    position: int
    word: str
    meant: str | None

    @property
    def code(self) -> str:
        return f"U+{ord(self.character):04X} {unicodedata.name(self.character, '')}"


def mixed(text: str) -> Mixed | None:
    """The first character of the alphabet that is in the minority in its word."""
    if text.isascii():
        return None
    hidden = _LOOKUP.sub(lambda found: " " * len(found.group()), text)
    for word in _WORD.finditer(hidden):
        alphabets = [_alphabet(character) for character in word.group()]
        used = sorted({name for name in alphabets if name}, key=alphabets.count)
        if len(used) > 1:
            at = alphabets.index(used[0])
            meant = word.group().translate(_TWINS)
            return Mixed(word.group()[at], word.start() + at + 1, word.group(), meant if meant.isascii() else None)
    return None


def _alphabet(character: str) -> str | None:
    name = unicodedata.name(character, "")
    return next((alphabet for alphabet in _ALPHABETS if name.startswith(alphabet)), None)
