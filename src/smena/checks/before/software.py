"""software: required software is on the host, in a version that will do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.definition.model import Software
from smena.definition.ranges import matches
from smena.errors import ValueUnknown
from smena.host.facts import software
from smena.instances.values import Reader
from smena.text import Text, _, plain


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    name = str(question["name"])
    needed = question.get("range") or (f"{question['at-least']}.." if question.get("at-least") else "*")
    spec = next(spec for key, spec in scene.definition.software.items() if key == name)
    if not spec.command and spec.value is None:
        text = _("{name} cannot be measured on this host", name=plain(spec.title))
        yield Finding(check="software", blocking=True, text=text, accept=f"{name}-not-measured", hint=_get(spec))
        return
    found = _measured(name, spec, scene)
    if found is None:
        text = _("{name} is not there", name=plain(spec.title))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))
    elif not matches(found, str(needed), "dotted"):
        text = _("{name} is {found}, wanted is {needed}", name=plain(spec.title), found=found, needed=str(needed))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))


def _measured(name: str, spec: Software, scene: Scene) -> str | None:
    """Asked of the program, or read where the host says it; None where it is not there."""
    if spec.value is None:
        return software.version(name, spec.command, spec.pattern or r"([0-9][0-9.]*)").value
    try:
        return Reader().value(spec.value, scene.measure().lookups)
    except ValueUnknown:
        return None


def _get(spec: Software) -> Text | None:
    return None if spec.get is None else plain(spec.get)
