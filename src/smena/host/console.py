"""What a Windows program wrote, as text. Nobody says in which encoding: it is told from the bytes alone.

A mark at the beginning decides, then whether it is valid UTF-8, then whether every second byte is
empty (UTF-16). What is left is Russian: the console's cp866 or the windows' cp1251, whichever gives more letters
and fewer signs that no sentence has.
"""

from __future__ import annotations

import codecs
import re

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LETTERS = re.compile("[А-яЁё]")
_NO_LETTERS = re.compile("[^\x00-\x7fА-яЁё№«»—–\xa0]")
_CHANGES = re.compile("[а-яё][А-ЯЁ]")
"""A capital after a small letter: what cp1251 looks like where a part of it happens to be letters of cp866."""


def text_of(raw: bytes, encoding: str | None = None) -> str:
    """The bytes as text, line ends as `\\n`. Bytes that fit nothing are shown, not dropped."""
    return raw.decode(encoding or encoding_of(raw), "backslashreplace").replace("\r\n", "\n")


def encoding_of(raw: bytes) -> str:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name
    if _is_utf16(raw):
        return "utf-16-le"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return max(("cp866", "cp1251"), key=lambda name: _likely(raw, name))
    return "utf-8"


def _is_utf16(raw: bytes) -> bool:
    high = raw[1:2048:2]
    return len(raw) >= 4 and len(raw) % 2 == 0 and high.count(0) * 2 > len(high) and 0 not in raw[0:2048:2]


def _likely(raw: bytes, encoding: str) -> int:
    text = raw.decode(encoding, "replace")
    return len(_LETTERS.findall(text)) - 2 * len(_NO_LETTERS.findall(text)) - 2 * len(_CHANGES.findall(text))
