"""What a look at a whole definition found: a mistake that stops it, or a warning worth reading."""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.text import Text

Severity = Literal["mistake", "warning"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding; `name` is stable, so that people can look it up and tests can ask for it."""

    name: str
    severity: Severity
    text: Text
    line: int = 0
    """Where the definition says it; 0: nowhere in particular."""
    field: str = ""
    """What it is about: `upgrades[3].from`."""
