"""A typed message cut into its groups, and whether each is right.

A group is five symbols and their check, the last one may be shorter. Hyphens, where there are any, say where groups
end; else they are counted off. The first symbol of a message says its length: bytes modulo 32.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from smena.keys.codec import field, letters

SIZE = 6
"""Symbols of a whole group, its check among them."""

Cut = list[str]
"""The texts of groups, one after the other."""


class Group(NamedTuple):
    """One group as typed. `symbols` are its readings with the right check, by the way of reading, without the check."""

    number: int
    text: str
    symbols: dict[str, list[int]]

    @property
    def right(self) -> bool:
        return bool(self.symbols)


def judged(cut: Cut, first: int = 1) -> list[Group]:
    return [Group(number, text, _right(text, number)) for number, text in enumerate(cut, first)]


def is_right(text: str, number: int) -> bool:
    return bool(_right(text, number))


def by_sixes(text: str) -> Cut:
    return [text[start : start + SIZE] for start in range(0, len(text), SIZE)]


def by_hyphens(text: str) -> Cut:
    """Groups as the hyphens fix them; what stands between two and is longer is counted off."""
    return [group for piece in pieces(text) for group in by_sixes(piece)]


def pieces(text: str) -> list[str]:
    return [piece for piece in text.split("-") if piece]


def symbols(groups: list[Group]) -> list[int] | None:
    """What all groups say together; None if one is wrong, or could be read in two ways."""
    usual = Counter(way for group in groups if len(group.symbols) == 1 for way in group.symbols)
    found: list[int] = []
    for group in groups:
        ways = sorted(group.symbols, key=lambda way: -usual[way])
        if not ways or (len(ways) > 1 and usual[ways[0]] == usual[ways[1]]):
            return None
        found += group.symbols[ways[0]]
    return found


def message(groups: list[Group]) -> bytes | None:
    """The bytes that were sent, if the groups are right and whole."""
    found = symbols(groups)
    data = None if not found else field.from_symbols(found[1:])
    if not found or not data or len(data) % 32 != found[0]:
        return None
    return data


def count(size: int) -> int:
    """How many symbols a message of so many bytes is typed with, checks and all."""
    plain = 1 + -(-size * 8 // 5)
    return plain - (-plain // (SIZE - 1))


def expected(length: int, typed: int) -> int:
    """The number of symbols nearest to `typed` that a message with this length symbol can have."""
    return min((count(size) for size in range(length, 8192, 32) if size), key=lambda total: abs(total - typed))


@lru_cache(maxsize=2048)
def _right(text: str, number: int) -> dict[str, list[int]]:
    """Remembered: a message is cut and judged in many ways until its mistake is found."""
    if not 2 <= len(text) <= SIZE:
        return {}
    found = letters.readings(text)
    return {way: read[:-1] for way, read in found.items() if field.check(read[:-1], number) == read[-1]}
