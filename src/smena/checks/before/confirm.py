"""confirm: what only a person can know; accepted by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import Text


def ask(question: Mapping[str, object], _scene: Scene) -> Iterator[Finding]:
    text = Text("{0}", {"0": question["text"]})
    yield Finding(check="confirm", blocking=True, text=text, accept=str(question["name"]))
