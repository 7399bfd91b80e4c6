"""services: all of them are up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    names = msgspec.convert(question.get("services") or [], list[str])
    wanted = [spec for spec in scene.measure().services if not names or spec.name in names]
    running = scene.running(wanted)
    for spec in wanted:
        if spec not in running:
            text = _("the service {service} is not running", service=spec.unit or spec.name)
            yield Finding(check="services", blocking=True, text=text)
