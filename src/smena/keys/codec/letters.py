"""What a person may have typed for a symbol: Latin, letters that look like it, or the Russian keyboard layout.

Each way of reading is tried for a group on its own, and the group's check decides which was meant.
"""

from __future__ import annotations

import unicodedata

from smena.keys.codec.field import VALUE

LATIN, LOOK_ALIKE, LAYOUT = "latin", "look-alike", "layout"

_LOOKS = dict(zip("АВЕЗКМНОРСТУХЧБІЈЅЁ", "ABE3KMH0PCTYX461JSE", strict=True))
_KEYS = dict(zip("ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ", "QWERTYUIOPASDFGHJKLZXCVBNM", strict=True))
DASHES = "-‐‑‒–—―−_"
_NOTHING = "\u00ad\u200b\u200c\u200d\u2060\ufeff"

CYRILLIC = frozenset(_LOOKS) | frozenset(_KEYS)
_TIDY = {ord(dash): "-" for dash in DASHES} | dict.fromkeys(map(ord, _NOTHING))


def tidy(text: str) -> str:
    """Capitals, one kind of hyphen, no invisible signs."""
    return unicodedata.normalize("NFKC", text.translate(_TIDY)).translate(_TIDY).upper()


def is_symbol(sign: str) -> bool:
    return (sign.isascii() and sign.isalnum()) or sign in CYRILLIC


def readings(group: str) -> dict[str, list[int]]:
    """Way of reading → the symbols that the group then has. Ways in which a letter means nothing are left out."""
    found = {LATIN: group} if group.isascii() else {LOOK_ALIKE: _with(_LOOKS, group), LAYOUT: _with(_KEYS, group)}
    return {way: [VALUE[sign] for sign in text] for way, text in found.items() if all(sign in VALUE for sign in text)}


def _with(table: dict[str, str], group: str) -> str:
    return "".join(sign if sign.isascii() else table.get(sign, "?") for sign in group)
