"""At which step an exchange is: worked out anew each time, from the key and from what a person has said.

    enrol → ask → send-question → wait [→ apply] → send-confirmation → restart → reopen → done

`enrol` comes once in a key's life, `apply` only for keys that another program changes, `restart` only for keys behind
a licence service. From `done` a new question leads round again.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.keys.wizard.progress import Progress, mark

Stage = Literal["enrol", "ask", "send-question", "wait", "apply", "send-confirmation", "restart", "reopen", "done"]
STAGES: tuple[Stage, ...] = (
    "enrol",
    "ask",
    "send-question",
    "wait",
    "apply",
    "send-confirmation",
    "restart",
    "reopen",
    "done",
)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the key, or for a key that smena cannot read beside it."""

    enrolment: bytes = b""
    """Of a key that the vendor may not know yet; empty for one that holds a licence, or needs none."""
    question: bytes = b""
    answer: bytes = b""
    """An answer that has come and that another program has to be given."""
    confirmation: bytes = b""
    service: str = ""
    """The licence service that has to be restarted."""
    modules: bool = True
    """Whether the product has programs that have to be opened again."""


def stage(seen: Seen, said: Progress) -> Stage:
    """The step that is to be done now."""
    if seen.question:
        return _asking(seen, said)
    if seen.confirmation:
        return _confirming(seen, said)
    if seen.enrolment and mark(seen.enrolment) not in said.sent:
        return "enrol"
    return "ask"


def _asking(seen: Seen, said: Progress) -> Stage:
    if mark(seen.question) not in said.sent:
        return "send-question"
    return "apply" if seen.answer else "wait"


def _confirming(seen: Seen, said: Progress) -> Stage:
    done = mark(seen.confirmation)
    if done not in said.sent:
        return "send-confirmation"
    if seen.service and said.restarted != done:
        return "restart"
    if seen.modules and said.reopened != done:
        return "reopen"
    return "done"
