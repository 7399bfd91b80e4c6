"""as-wanted: what is measured of the instance now is what it was to become."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    now = scene.measure().facts
    for name, wanted in msgspec.convert(question["facts"], dict[str, str]).items():
        if now.get(name) != wanted:
            text = _("{name} is {found}, wanted is {wanted}", name=name, found=now.get(name, "—"), wanted=wanted)
            yield Finding(check="as-wanted", blocking=True, text=text)
