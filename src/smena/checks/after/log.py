"""log: what the logs gained has these words, and none of those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host import marks
from smena.text import _

_SHOWN = 200


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    """One finding a log and pattern: a log may say the same thing a thousand times."""
    if scene.folder is None:
        return
    files, slot = str(question["files"]), str(question["slot"])
    never, has = _patterns(question, "never"), _patterns(question, "has")
    told: set[tuple[str, str]] = set()
    missing = dict.fromkeys(pattern.pattern for pattern in has)
    for path, line in marks.Gained(scene.folder, slot, files, str(question.get("encoding") or "utf-8")).fresh():
        for pattern in never:
            if (str(path), pattern.pattern) not in told and pattern.search(line):
                told.add((str(path), pattern.pattern))
                text = _("{file} says: {line}", file=path.name, line=line.strip()[:_SHOWN])
                yield Finding(check="log", blocking=True, text=text)
        for pattern in has:
            if pattern.pattern in missing and pattern.search(line):
                del missing[pattern.pattern]
    for words in missing:
        yield Finding(check="log", blocking=True, text=_("no log of {files} says {words}", files=files, words=words))


def _patterns(question: Mapping[str, object], name: str) -> list[re.Pattern[str]]:
    return [re.compile(word) for word in msgspec.convert(question.get(name) or [], list[str])]
