"""version: the version that is measured is the one wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.definition.versions import key
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    wanted = str(question["is"])
    found = scene.measure().version
    scheme = scene.definition.versions
    if key(found, scheme) != key(wanted, scheme):
        text = _("it runs {found}, wanted is {wanted}", found=found, wanted=wanted)
        yield Finding(check="version", blocking=True, text=text)
