"""A range of versions as a person says it."""

from __future__ import annotations

from smena.text import Text, _, plain


def version_range(text: str) -> Text:
    """`16.0..` is for definitions; `A | B` and prefixes are understood as they stand."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots or "|" in text:
        return plain(text)
    if not last:
        return _("{version} or newer", version=first)
    if not first:
        return _("{version} or older", version=last)
    return _("{first} to {last}", first=first, last=last)
