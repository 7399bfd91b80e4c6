"""`when:` conditions: equality and ranges over facts, evaluated when a plan is made.

Every name must hold (and); a name holds when one of its texts does (or). There is
nothing else: a condition that needs logic is a fact that should have a name.
"""

from __future__ import annotations

import msgspec


class Condition(msgspec.Struct, frozen=True):
    """Names and the texts that each may have; empty: always true.

    Names are `edition`, `component`, `platform`, `os-family`, `from`, `to` (version ranges),
    `setting.NAME`, or `fact.NAME`. A text starting with `!` must not match; `N..M` on a number is a range.
    """

    tests: dict[str, tuple[str, ...]] = {}
