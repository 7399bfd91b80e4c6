"""closed: programs that must not run are not running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host.facts.programs import programs
from smena.text import _


def ask(question: Mapping[str, object], _scene: Scene) -> Iterator[Finding]:
    wanted = [str(name).lower() for name in question.get("programs", ())]  # type: ignore[attr-defined]
    for program in programs().value:
        if any(fnmatchcase(program.name.lower(), pattern) for pattern in wanted):
            text = _("{name} is running (process {pid})", name=program.name, pid=program.pid)
            yield Finding(check="closed", blocking=True, text=text, accept="modules-open", hint=_("close it"))
