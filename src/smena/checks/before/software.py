"""software: required software is on the host, in a version that will do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.definition.model import Software
from smena.definition.ranges import matches
from smena.host.facts import software
from smena.text import Text, _, plain


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    name = str(question["name"])
    needed = question.get("range") or (f"{question['at-least']}.." if question.get("at-least") else "*")
    spec = next(spec for key, spec in scene.definition.software.items() if key == name)
    if not spec.command:
        text = _("{name} cannot be measured on this host", name=plain(spec.title))
        yield Finding(check="software", blocking=True, text=text, accept=f"{name}-not-measured", hint=_get(spec))
        return
    found = software.version(name, spec.command, spec.pattern or r"([0-9][0-9.]*)").value
    if found is None:
        text = _("{name} is not there", name=plain(spec.title))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))
    elif not matches(found, str(needed), "dotted"):
        text = _("{name} is {found}, wanted is {needed}", name=plain(spec.title), found=found, needed=str(needed))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))


def _get(spec: Software) -> Text | None:
    return None if spec.get is None else plain(spec.get)
