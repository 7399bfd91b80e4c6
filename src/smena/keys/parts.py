"""Two bytes for each part of a computer: all that a vendor sees of it, and what a licence is bound by."""

from __future__ import annotations

from collections.abc import Mapping

from smena.host.facts.computer import PARTS
from smena.keys.primitives import digest

NEEDED = 3
_WORDS = b"smena part 1"

Parts = Mapping[str, str]
"""Part → its name; parts without a name are left out."""


def hints(parts: Parts) -> bytes:
    """Two bytes for each part, which is all that the vendor sees; zeros for a part without a name."""
    return b"".join(_hint(part, parts.get(part)) for part in PARTS)


def alike(one: bytes, other: bytes) -> int:
    """How many parts look the same by their hints."""
    pairs = ((one[start : start + 2], other[start : start + 2]) for start in range(0, 2 * len(PARTS), 2))
    return sum(first == second != b"\0\0" for first, second in pairs)


def _hint(part: str, name: str | None) -> bytes:
    if name is None:
        return b"\0\0"
    found = digest(_WORDS + f"{part}\0{name}".encode("utf-8", "surrogateescape"))[:2]
    return found if found != b"\0\0" else b"\0\1"
