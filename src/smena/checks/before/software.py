"""software: required software is on the host, in a version that will do."""

from __future__ import annotations

import re
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
    if question.get("of-instance"):
        yield from _part(found, name, spec, scene)
    elif found is None:
        text = _("{name} is not there", name=plain(spec.title))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))
    elif not matches(found, str(needed), "dotted"):
        text = _("{name} is {found}, wanted is {needed}", name=plain(spec.title), found=found, needed=str(needed))
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))


def _part(found: str | None, name: str, spec: Software, scene: Scene) -> Iterator[Finding]:
    """A way back would bring the version that runs, so a part of another one would not come back."""
    title, runs = plain(spec.title), scene.plan.from_
    if found is None:
        text = _("the version of {name} cannot be told", name=title)
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec), accept=f"{name}-not-measured")
    elif _bare(found) != _bare(runs):
        text = _(
            "{name} is {found}, and {version} runs: they have to be of one version",
            name=title,
            found=found,
            version=runs,
        )
        yield Finding(check="software", blocking=True, text=text, hint=_get(spec))


def _bare(version: str) -> str:
    """6.5.0 and 6.5.0.0 are one version."""
    return re.sub(r"(\.0)+$", "", version)


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
