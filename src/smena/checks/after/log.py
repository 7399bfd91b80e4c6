"""log: what the logs gained has these words, and none of those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host import marks
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    if scene.folder is None:
        return
    files, slot = str(question["files"]), str(question["slot"])
    gained = {path.name: data.decode("utf-8", "replace") for path, data in marks.gained(scene.folder, slot, files)}
    for pattern in _patterns(question, "never"):
        for name, text in gained.items():
            line = next((line for line in text.splitlines() if pattern.search(line)), None)
            if line is not None:
                told = _("{file} says: {line}", file=name, line=line.strip()[:200])
                yield Finding(check="log", blocking=True, text=told)
    for pattern in _patterns(question, "has"):
        if not any(pattern.search(text) for text in gained.values()):
            missing = _("no log of {files} says {words}", files=files, words=pattern.pattern)
            yield Finding(check="log", blocking=True, text=missing)


def _patterns(question: Mapping[str, object], name: str) -> list[re.Pattern[str]]:
    words = question.get(name) or []
    return [re.compile(str(word)) for word in words]  # type: ignore[attr-defined]
