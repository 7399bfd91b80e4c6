"""What is wrong with a typed message, group by group, in words for the one who types it.

A wrong symbol is named at its group. Where hyphens are missing, one symbol that was left out or typed twice shifts
all that follows; so every group is tried as the one that is too short or too long, and the one that makes all others
right is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from smena.keys.codec import groups
from smena.keys.codec.groups import SIZE, Group
from smena.text import Text, _

_FEW = 3
_PERIOD = 31
"""A check knows its group's number by as much."""


class Trouble(NamedTuple):
    """One thing that is wrong: at which group, and the words for it."""

    group: int
    words: Text


def diagnose(text: str) -> list[Trouble]:
    """`text` as `letters.tidy` leaves it, without blanks."""
    parts = groups.pieces(text)
    missing = _beginning(groups.by_hyphens(text))
    if missing:
        return [Trouble(1, _("the first {number} groups are missing", number=missing))]
    found: list[Trouble] = []
    number = 1
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        found += _of_part(part, number, _surplus(parts) if last else _beyond(len(part)))
        number += max(1, round(len(part) / SIZE)) if not last else 0
    return found or _of_the_whole(parts)


def _beginning(cut: groups.Cut) -> int:
    """How many groups were left out at the start, if all others are right where they belong; 0: none.

    A few may be right somewhere by chance.
    """
    if len(cut) < _FEW or any(groups.is_right(text, number) for number, text in enumerate(cut[:_FEW], 1)):
        return 0
    shifts = range(1, _PERIOD)
    return next((number for number in shifts if all(one.right for one in groups.judged(cut, 1 + number))), 0)


def _of_part(part: str, first: int, surplus: int | None) -> list[Trouble]:
    """`surplus`: symbols too many (negative: too few), None where it cannot be told."""
    judged = groups.judged(groups.by_sixes(part), first)
    wrong = [group for group in judged if not group.right]
    tried = (-1, 1) if surplus is None else (surplus,) if abs(surplus) == 1 else ()
    if len(wrong) > 1 or (wrong and surplus) or (surplus and len(part) < 2 * SIZE):
        shifted = [trouble for shift in tried for trouble in _shifted(part, first, shift)]
        if shifted:
            return shifted
    return [_wrong(group) for group in wrong]


def _shifted(part: str, first: int, shift: int) -> Iterator[Trouble]:
    """Every group that, one symbol shorter or longer than it should be, makes all others right."""
    for place in range(-(-len(part) // SIZE)):
        start, end = place * SIZE, (place + 1) * SIZE + shift
        if start >= len(part):
            return
        before = groups.judged(groups.by_sixes(part[:start]), first)
        after = groups.judged(groups.by_sixes(part[end:]), first + place + 1)
        if all(group.right for group in [*before, *after]):
            yield _short_or_long(part[start:end], first + place, shift)


def _short_or_long(text: str, number: int, shift: int) -> Trouble:
    if shift < 0:
        return Trouble(number, _("group {number} ({text}): a symbol is left out", number=number, text=text))
    for place in range(1, len(text)):
        single = text[: place - 1] + text[place:]
        if text[place] == text[place - 1] and groups.is_right(single, number):
            words = _(
                "group {number} ({text}): the symbol {symbol} is typed twice",
                number=number,
                text=text,
                symbol=text[place],
            )
            return Trouble(number, words)
    return Trouble(number, _("group {number} ({text}): there is a symbol too many", number=number, text=text))


def _wrong(group: Group) -> Trouble:
    words = _("group {number} ({text}): a symbol is wrong", number=group.number, text=group.text)
    return Trouble(group.number, words)


def _beyond(length: int) -> int:
    """How far a piece between two hyphens is from whole groups."""
    return length - SIZE * max(1, round(length / SIZE))


def _surplus(parts: list[str]) -> int | None:
    """By the length that the first group tells; None if that one is wrong itself."""
    read = groups.judged([parts[0][:SIZE]])[0].symbols
    if not read:
        return None
    typed = sum(len(part) for part in parts)
    before = sum(_beyond(len(part)) for part in parts[:-1])
    return typed - before - groups.expected(next(iter(read.values()))[0], typed)


def _of_the_whole(parts: list[str]) -> list[Trouble]:
    """Every group is right, and yet they make no message."""
    surplus = _surplus(parts) or 0
    last = -(-sum(len(part) for part in parts) // SIZE)
    if surplus < 0:
        return [Trouble(last, _("the end is missing: {number} symbols more are expected", number=-surplus))]
    if surplus > 0:
        return [Trouble(last, _("there are {number} symbols too many at the end", number=surplus))]
    return [Trouble(last, _("the groups are right, but belong to different messages"))]
