"""Whether a `when:` condition holds: yes, no, or not known.

Every name must hold; a name holds when one of its plain texts matches (if it has any)
and none of its `!` texts does. What is not known stays visible: one name that
surely does not hold settles it, otherwise the answer names everything that was missing.
Nothing here guesses; whoever asks decides what to do about "not known".
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from smena.definition.condition import Condition
from smena.definition.model import Scheme
from smena.definition.ranges import matches

Known = str | int | float | bool
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?"
_NUMBER_RANGE = re.compile(rf"({_NUMBER})?\.\.({_NUMBER})?")


class World(msgspec.Struct, frozen=True, kw_only=True):
    """What is known where the question is asked; what is None or absent is not known."""

    edition: str | None = None
    platform: str | None = None
    os_family: str | None = None
    components: tuple[str, ...] | None = None
    """All that are installed: a test of `component` asks whether one of them is among these."""
    settings: Mapping[str, Known] = {}
    facts: Mapping[str, Known] = {}
    from_: tuple[str, ...] = ()
    """The version that the hop leaves: its own name, and its release's where that is another."""
    to: tuple[str, ...] = ()


class Unknown(msgspec.Struct, frozen=True):
    """Neither yes nor no; these names would have to be known."""

    names: tuple[str, ...]

    def __bool__(self) -> bool:
        raise TypeError("not known is neither true nor false: compare with `is True`")


Answer = bool | Unknown


def holds(condition: Condition, world: World, scheme: Scheme = "dotted") -> Answer:
    """Whether every test of the condition holds in this world."""
    missing: list[str] = []
    for name, texts in condition.tests.items():
        values = _values(name, world)
        if values is None:
            missing.append(name)
        elif not _holds(name, texts, values, scheme):
            return False
    return Unknown(tuple(missing)) if missing else True


def without_versions(condition: Condition) -> Condition:
    """The part that is the same for every hop: the path search asks it once."""
    return Condition({name: texts for name, texts in condition.tests.items() if name not in ("from", "to")})


def _values(name: str, world: World) -> tuple[Known, ...] | None:
    """Everything that the name stands for; None: not known."""
    kind, _dot, rest = name.partition(".")
    if rest:
        table = {"setting": world.settings, "fact": world.facts}.get(kind, {})
        return (table[rest],) if rest in table else None
    if kind == "component":
        return world.components
    if kind in ("from", "to"):
        return (world.from_ if kind == "from" else world.to) or None
    single = {"edition": world.edition, "platform": world.platform, "os-family": world.os_family}.get(kind)
    return None if single is None else (single,)


def _holds(name: str, texts: tuple[str, ...], values: tuple[Known, ...], scheme: Scheme) -> bool:
    wanted = [text for text in texts if not text.startswith("!")]
    refused = [text[1:] for text in texts if text.startswith("!")]
    found = any(_among(name, text, values, scheme) for text in wanted) or not wanted
    return found and not any(_among(name, text, values, scheme) for text in refused)


def _among(name: str, text: str, values: tuple[Known, ...], scheme: Scheme) -> bool:
    if name in ("from", "to"):
        return any(matches(str(value), text, scheme) for value in values)
    return any(_is(value, text) for value in values)


def _is(value: Known, text: str) -> bool:
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    number = _number(value)
    if number is None:
        return str(value) == text
    bounds = _NUMBER_RANGE.fullmatch(text)
    if bounds is None or text == "..":
        return number == _number(text)
    low, high = (None if end is None else float(end) for end in bounds.groups())
    return (low is None or low <= number) and (high is None or number <= high)


def _number(value: str | float) -> float | None:
    """The number that the value is written as; `1e5` and `nan` are texts."""
    return float(value) if re.fullmatch(_NUMBER, str(value)) else None
