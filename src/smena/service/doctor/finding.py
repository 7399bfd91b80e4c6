"""One answer of the doctor."""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.errors import SmenaError
from smena.text import Text, _

State = Literal["ok", "missing", "wrong"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`missing`: it is not here, and smena can do without. `wrong`: a person has to do something."""

    topic: str
    """A stable name, for programs."""
    what: Text
    """What was looked at, for people."""
    state: State
    found: Text
    hint: Text | None = None
    """The one next command or action."""
    instance: str | None = None


def ok(topic: str, what: Text, found: Text) -> Finding:
    return Finding(topic=topic, what=what, state="ok", found=found)


def missing(topic: str, what: Text, found: Text, hint: Text | None = None) -> Finding:
    return Finding(topic=topic, what=what, state="missing", found=found, hint=hint)


def wrong(topic: str, what: Text, found: Text, hint: Text | None) -> Finding:
    return Finding(topic=topic, what=what, state="wrong", found=found, hint=hint)


def told(topic: str, what: Text, error: SmenaError, hint: Text | None = None) -> Finding:
    """An error as a finding, with its reason and its hint; that of the doctor himself helps nobody."""
    own = error.hint if error.hint is not None and str(error.hint) != "smena doctor" else None
    return wrong(topic, what, reason(error), hint or own)


def reason(error: SmenaError) -> Text:
    return _("{what}: {why}", what=error.message, why=error.why[0]) if error.why else error.message
