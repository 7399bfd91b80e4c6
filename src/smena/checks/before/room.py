"""room: there is room for the whole run on every mount it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host.facts.disk import room
from smena.host.paths import decode
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    spare = int(str(question.get("spare", 0)))
    for need in scene.plan.forecast.room:
        free = room(Path(decode(need.mount))).value.free
        wanted = need.needed + spare
        if free < wanted:
            text = _(
                "{mount} has {free} MB free, the run needs {needed} MB",
                mount=need.mount,
                free=free // 1_000_000,
                needed=-(-wanted // 1_000_000),
            )
            yield Finding(check="room", blocking=True, text=text, hint=_("make room on {mount}", mount=need.mount))
