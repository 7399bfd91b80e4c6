"""risks: everything that a person has to accept by name has been accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import _, plain


def ask(_question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    for risk in scene.plan.risks:
        hops = ", ".join(risk.hops)
        text = _("{why} ({hops})", why=plain(risk.why), hops=hops)
        yield Finding(check="risks", blocking=True, text=text, accept=risk.name)
    for step in scene.plan.steps:
        if step.no_return is not None:
            text = _("no way back after “{step}”: {why}", step=step.title, why=plain(step.no_return))
            yield Finding(check="risks", blocking=True, text=text, accept="no-return")
    for change in scene.plan.config:
        if change.unknown_base and change.carried:
            keys = ", ".join(change.carried)
            text = _("the old default of {file} is not known; yours stays in: {keys}", file=change.file, keys=keys)
            yield Finding(check="risks", blocking=True, text=text, accept="unknown-default")
