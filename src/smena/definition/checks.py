"""Authored checks: questions asked before an upgrade and after it, one class a kind.

Written like steps: `{software: {name: openjdk, at-least: 17}}`, with `when` beside it.
What every upgrade is asked anyway (the path, files at hand, nobody else running,
configuration merges, risks accepted) needs no line in a definition.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.definition.condition import Condition
from smena.definition.scalars import Bytes, Encoding, Glob, Id, Port, Regex, Seconds, Template, Url, Version
from smena.definition.values import Localized


class Question(msgspec.Struct, frozen=True, rename="kebab", kw_only=True, omit_defaults=True):
    """Base of all authored checks."""


class Room(Question, frozen=True, kw_only=True):
    """There is room for the whole run, and this much more."""

    spare: Bytes = Bytes(0)


class SoftwareThere(Question, frozen=True, kw_only=True):
    """Required software is on the host."""

    name: Id
    at_least: Version | None = None
    of_instance: bool = False
    """It is a part of the product, of the very version that runs."""


class Licence(Question, frozen=True, kw_only=True):
    """The licence keys cover these versions."""

    covers: tuple[Literal["current", "target"], ...] = ("current", "target")


class Closed(Question, frozen=True, kw_only=True):
    """These programs are not running; `*` in a name stands for anything."""

    programs: tuple[Template, ...]


class Answers(Question, frozen=True, kw_only=True):
    """The instance answers now, so that a later failure is not an old one."""

    url: Url | None = None


class PortFree(Question, frozen=True, kw_only=True):
    """Nobody else listens on a port that the target needs."""

    port: Port


class Confirm(Question, frozen=True, kw_only=True):
    """Something only a person can know; accepted by name like a risk."""

    name: Id
    text: Localized


class Services(Question, frozen=True, kw_only=True):
    """All services are up."""

    services: tuple[Id, ...] = ()


class Http(Question, frozen=True, kw_only=True):
    """An address answers as it should."""

    url: Url
    status: int = 200
    has: Regex | None = None
    shows: Template | None = None
    """Words that must stand in the answer: such as the target's version, which a product may get wrong."""
    within: Seconds = Seconds(60.0)


class VersionIs(Question, frozen=True, kw_only=True):
    """The version that is measured is the one wanted."""

    is_: Literal["target"] = msgspec.field(name="is", default="target")


class Log(Question, frozen=True, kw_only=True):
    """What logs gained has these words, and none of those."""

    files: Glob
    has: tuple[Regex, ...] = ()
    never: tuple[Regex, ...] = ()
    encoding: Encoding | None = None


BEFORE: dict[str, type[Question]] = {
    "room": Room,
    "software": SoftwareThere,
    "licence": Licence,
    "closed": Closed,
    "answers": Answers,
    "port-free": PortFree,
    "confirm": Confirm,
}
AFTER: dict[str, type[Question]] = {"services": Services, "http": Http, "version": VersionIs, "log": Log}


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One authored check."""

    kind: str
    question: Question
    when: Condition = Condition()
    line: int = 0


class BeforeCheck(Check, frozen=True, kw_only=True):
    """A check of the table BEFORE."""


class AfterCheck(Check, frozen=True, kw_only=True):
    """A check of the table AFTER."""


BeforeChecks = tuple[BeforeCheck, ...]
AfterChecks = tuple[AfterCheck, ...]
