"""http: an address answers as it should, within its time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from smena import clock
from smena.checks.check import Finding
from smena.checks.context import Scene
from smena.host import http
from smena.text import Text, _

_LONGEST_LOOK = 0.2


def ask(question: Mapping[str, object], _scene: Scene) -> Iterator[Finding]:
    url, status = str(question["url"]), int(str(question.get("status", 200)))
    has, shows = question.get("has"), str(question.get("shows") or "")
    began = clock.ticks()
    end = began + float(str(question.get("within", 60.0)))
    while True:
        answer = http.ask(url, timeout=max(0.1, min(10.0, end - clock.ticks())))
        if answer.fits(status, None if has is None else str(has)):
            if shows in answer.body:
                return
            answer = answer._replace(words=_("it answered without “{text}”", text=shows))
        if clock.ticks() > end:
            break
        clock.sleep(clock.next_look(clock.ticks() - began, _LONGEST_LOOK))
    text = _("{url} does not answer as it should: {words}", url=url, words=answer.words)
    yield Finding(check="http", blocking=True, text=text, hint=_of_iis(answer))


def _of_iis(answer: http.Answer) -> Text | None:
    """IIS tells a section that it must not read, or a value set twice, by this number only, and only at a request."""
    if answer.status != 500 or "500.19" not in answer.body:
        return None
    return _("a section of its web.config is locked, or sets a value twice: open the address on the server itself")
