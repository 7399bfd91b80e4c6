"""The five parts by which a computer is known again. Never the processor: a thousand others have the same.

A name that many computers share ("To be filled by O.E.M.") is no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from smena.host.facts.fact import Fact, stable
from smena.host.native import parts

PARTS = ("machine", "board", "disk", "network", "firmware")

_NO_NAME = re.compile(
    r"none|null|n/?a|unknown|not (specified|applicable|available)|to be filled.*|default.*|system serial.*|"
    r"base board.*|serial|123456789?0?|0123456789?|[0\W]*|[f\W]*",
    re.IGNORECASE,
)


def computer() -> Fact[dict[str, str]]:
    """Part → its name, without those that have none."""
    return stable("computer", named(parts.read()))


def named(read: Mapping[str, str | None]) -> dict[str, str]:
    """The parts that are known by a name of their own, in one spelling."""
    tidy = {part: (read.get(part) or "").strip().lower() for part in PARTS}
    return {part: name for part, name in tidy.items() if len(name) >= 4 and not _NO_NAME.fullmatch(name)}
