"""services: all of them are up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    wanted = question.get("services") or ()
    for spec in scene.measure().services:
        if (not wanted or spec.name in wanted) and not scene.running(spec):  # type: ignore[operator]
            text = _("the service {service} is not running", service=spec.unit or spec.name)
            yield Finding(check="services", blocking=True, text=text)
