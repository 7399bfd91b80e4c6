"""From the bytes of a file to a definition that can be relied on.

`load` is for everybody who wants to use a definition: it returns one without mistakes or
raises. `examine` is for those who write one: it returns all that was found.
"""

from __future__ import annotations

from typing import NamedTuple

from smena.definition.check import check
from smena.definition.decode import decode
from smena.definition.finding import Finding
from smena.definition.lint import lint_graph
from smena.definition.mistake import Enough, Mistake, Mistakes
from smena.definition.model import Definition
from smena.definition.parse import parse
from smena.definition.reading import Reading
from smena.errors import BadDefinition
from smena.text import _


class Examined(NamedTuple):
    """What is in a file; the definition is there only when there is no mistake."""

    definition: Definition | None
    mistakes: list[Mistake]
    findings: list[Finding]


def load(data: bytes, name: str) -> Definition:
    """The definition, or an error that names every mistake in it."""
    definition, mistakes, _findings = _read(data, name)
    if definition is None:
        raise BadDefinition(
            _("the definition {name} cannot be used", name=name),
            why=[mistake.sentence() for mistake in mistakes],
            hint=_("mend what is listed, then: smena product check {name}", name=name),
        )
    return definition


def examine(data: bytes, name: str) -> Examined:
    """Everything that can be said of a file in one go; of its graph, once the rest has no mistake."""
    found = _read(data, name)
    if found.definition is None:
        return found
    return found._replace(findings=found.findings + lint_graph(found.definition))


def _read(data: bytes, name: str) -> Examined:
    mistakes = Mistakes(name)
    try:
        root = parse(data, mistakes)
        if root is None:
            return Examined(None, mistakes.in_order(), [])
        reading = Reading(root, mistakes)
        definition = decode(reading)
        findings = check(definition, reading)
    except Enough:
        return Examined(None, mistakes.in_order(), [])
    return Examined(None if mistakes.all else definition, mistakes.in_order(), findings)
