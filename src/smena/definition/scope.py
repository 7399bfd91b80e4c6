"""Where in a definition something is written, and so on which platforms it must hold.

What stands under `instance.linux` is for Linux. A step, a check or a configuration file is
for every platform that the product runs on, except where its own `when`, or the edges
that lead to its procedure, leave one out.
"""

from __future__ import annotations

from collections.abc import Iterator

from smena.definition.model import Definition, Platform
from smena.definition.nodes import Path
from smena.definition.reading import Reading
from smena.definition.steps import Step
from smena.definition.templates import platforms_of

_EVERYWHERE: frozenset[Platform] = frozenset({"linux", "windows"})
_NO_UPGRADE = ("software", "backup", "keys", "external")
_NO_UPGRADE_OF_INSTANCE = ("settings", "linux", "windows")


class Scope:
    """The platforms of every place, made once for a definition."""

    def __init__(self, definition: Definition, reading: Reading) -> None:
        self._platforms = platforms_of(definition)
        self._conditions = {path[:-1]: condition for path, condition in reading.conditions}
        self._procedures = _procedure_platforms(definition)

    def platforms_at(self, path: Path) -> tuple[Platform, ...]:
        """The platforms on which what stands at `path` is used."""
        if path[:2] == ("instance", "linux"):
            return ("linux",)
        if path[:2] == ("instance", "windows"):
            return ("windows",)
        around = [path[:length] for length in range(1, len(path) + 1)]
        tests = [self._conditions[place].tests for place in around if place in self._conditions]
        allowed = self._procedures.get(path[1], _EVERYWHERE) if path[:1] == ("procedures",) else _EVERYWHERE
        return tuple(name for name in self._platforms if name in allowed and all(_holds(name, test) for test in tests))


def upgrading_at(path: Path) -> bool:
    """Whether there are two versions and packages where this is used."""
    if path[:1] == ("instance",):
        return len(path) < 2 or path[1] not in _NO_UPGRADE_OF_INSTANCE
    return not path or path[0] not in _NO_UPGRADE


def steps_of(definition: Definition) -> Iterator[tuple[Path, Step]]:
    """Every step with its path."""
    for name, steps in definition.procedures.items():
        for at, step in enumerate(steps):
            yield ("procedures", name, at), step
    for at, step in enumerate(definition.create):
        yield ("create", at), step


def _procedure_platforms(definition: Definition) -> dict[str | int, frozenset[Platform]]:
    """By procedure, the platforms of the edges that use it."""
    platforms: dict[str | int, frozenset[Platform]] = {}
    for edge in definition.upgrades:
        here = frozenset(edge.platforms) or _EVERYWHERE
        platforms[edge.procedure] = platforms.get(edge.procedure, frozenset()) | here
    return platforms


def _holds(platform: Platform, tests: dict[str, tuple[str, ...]]) -> bool:
    """Families are of Linux: a condition that wants one leaves Windows out."""
    wanted = tests.get("platform", ())
    chosen = platform in wanted or all(text.startswith("!") for text in wanted)
    family = platform == "linux" or all(text.startswith("!") for text in tests.get("os-family", ()))
    return chosen and family and f"!{platform}" not in wanted
