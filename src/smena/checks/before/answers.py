"""answers: the instance answers now, so that a later failure is not an old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host import http
from smena.text import _


def ask(question: Mapping[str, object], scene: Scene) -> Iterator[Finding]:
    url = question.get("url") or _probe(scene)
    if url is None:
        return
    answer = http.ask(str(url))
    if answer.status == 0 or answer.status >= 500:
        text = _("{url} does not answer as it should: {words}", url=str(url), words=answer.words)
        yield Finding(check="answers", blocking=True, text=text, accept="does-not-answer")


def _probe(scene: Scene) -> str | None:
    site = scene.measure().site
    return None if site is None else site.probe
