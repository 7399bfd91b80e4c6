"""The few forms of the format that are more than fields with types.

A sentence in both languages, a condition, a value that may be read from a file, and
the tables of steps and checks, where the one key of a mapping says what class it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from smena.definition.checks import AFTER, BEFORE, AfterCheck, BeforeCheck, Question
from smena.definition.condition import Condition
from smena.definition.mistake import near, nearest, one_of, short
from smena.definition.nodes import Fields, Items, Node, Path, Scalar
from smena.definition.reading import Decoder, Reading, Written
from smena.definition.scalars import Template
from smena.definition.steps import KINDS, Authored, Step
from smena.definition.values import Localized, Read, Value
from smena.text import _, plain

DecoderOf = Callable[[Any], Decoder]

LANGUAGES = ("en", "ru")
CONDITIONS = ("edition", "component", "platform", "os-family", "from", "to")
CONDITION_GROUPS = ("setting.", "fact.")


def _localized(node: Node, path: Path, reading: Reading) -> Localized:
    if not isinstance(node, Fields):
        reading.misfit(node, path, _("a sentence in both languages"), plain("{en: …, ru: …}"))
        return Localized("", "")
    words = dict.fromkeys(LANGUAGES, "")
    for key, value in reading.pairs(node, path):
        if key.text in words:
            words[key.text] = _translation(key.text, value, (*path, key.text), reading)
        elif not key.text.startswith("x-"):
            what = _("unknown language {name}", name=short(key.text))
            reading.wrong(key, (*path, key.text), what, plain("en, ru"))
    _missing(words, node, path, reading)
    return Localized(**words)


def _translation(language: str, node: Node, path: Path, reading: Reading) -> str:
    if not isinstance(node, Scalar):
        reading.misfit(node, path, _("a single value"))
        return ""
    if not node.text.strip():
        reading.wrong(node, path, _("the translation is empty: {language}", language=language))
    elif "${" in node.text:
        reading.written.append(Written(Localized, node.text, path, node))
    return node.text


def _missing(words: dict[str, str], node: Fields, path: Path, reading: Reading) -> None:
    written = {key.text for key, value in node.pairs}
    for language in words:
        if language not in written:
            what = _("a translation is missing: {language}", language=language)
            reading.wrong(node, (*path, language), what, plain(f"{language}: …"))


def _condition(node: Node, path: Path, reading: Reading) -> Condition:
    if not isinstance(node, Fields):
        reading.misfit(node, path, _("a mapping"), plain("{edition: team}"))
        return Condition()
    tests = {}
    for key, value in reading.pairs(node, path):
        below = (*path, key.text)
        if key.text in CONDITIONS:
            tests[key.text] = tuple(text.text for text in _wanted(value, below, reading))
        elif key.text.startswith(CONDITION_GROUPS):
            tests[key.text] = tuple(_measured(text) for text in _wanted(value, below, reading))
        elif not key.text.startswith("x-"):
            what = _("{name} is nothing that a condition can ask for", name=short(key.text))
            reading.wrong(key, below, what, nearest(key.text, (*CONDITIONS, "setting.…", "fact.…")))
    condition = Condition(tests)
    reading.conditions.append((path, condition))
    return condition


def _wanted(node: Node, path: Path, reading: Reading) -> list[Scalar]:
    """One text or several; one of them must hold."""
    texts = node.items if isinstance(node, Items) else [node]
    if not texts:
        reading.wrong(node, path, _("an empty list never holds"))
    wanted = []
    for text in texts:
        if isinstance(text, Scalar) and not text.empty:
            wanted.append(text)
        else:
            reading.misfit(text, path, _("a single value"))
    return wanted


def _measured(node: Scalar) -> str:
    """Flags have one spelling where they are compared with facts."""
    text = node.text
    return {"yes": "true", "no": "false", "!yes": "!true", "!no": "!false"}.get(text, text) if node.plain else text


def _value(of: DecoderOf) -> Decoder:
    read_template, read_read = of(Template), of(Read)

    def read(node: Node, path: Path, reading: Reading) -> Any:
        return (read_read if isinstance(node, Fields) else read_template)(node, path, reading)

    return read


class _Entries:
    """Steps or checks of one table: `{kind: {parameters}}`, with `when` (and `title`) beside."""

    def __init__(self, cls: type[msgspec.Struct], kinds: dict[str, Any], base: type[msgspec.Struct]) -> None:
        self._cls = cls
        self._kinds = kinds
        self._base = base
        self._holder = "params" if base is Authored else "question"
        self._beside = {"when": Condition} | ({"title": Localized} if base is Authored else {})
        self._of: DecoderOf

    def __call__(self, of: DecoderOf) -> Decoder:
        self._of = of
        return self._entry

    def _entry(self, node: Node, path: Path, reading: Reading) -> Any:
        values: dict[str, Any] = {"kind": "", self._holder: self._base(), "line": node.line}
        if not isinstance(node, Fields):
            right = plain(f"{node.text}: {{}}") if isinstance(node, Scalar) and node.text in self._kinds else None
            reading.misfit(node, path, _("a mapping with one kind"), right)
            return self._cls(**values)
        kinds = []
        for key, value in reading.pairs(node, path):
            if key.text in self._beside:
                values[key.text] = self._of(self._beside[key.text])(value, (*path, key.text), reading)
            elif not key.text.startswith("x-"):
                kinds.append((key, value))
        if not kinds:
            reading.wrong(node, path, _("no kind is named here"), one_of(self._kinds))
        for key, value in kinds:
            self._kind(key, value, path, reading, values)
        return self._cls(**values)

    def _kind(self, key: Scalar, value: Node, path: Path, reading: Reading, values: dict[str, Any]) -> None:
        name = key.text if key.text in self._kinds else near(key.text, self._kinds)
        below = (*path, key.text)
        if name != key.text:
            right = nearest(key.text, (*self._kinds, *self._beside))
            reading.wrong(key, below, _("unknown kind {name}", name=short(key.text)), right)
        elif values["kind"]:
            reading.wrong(key, below, _("a second kind; one entry has one"), plain(values["kind"]))
        if name and not values["kind"]:
            key.text = values["kind"] = name
            values[self._holder] = self._parameters(self._kinds[name], value, (*path, name), reading)

    def _parameters(self, cls: type[msgspec.Struct], node: Node, path: Path, reading: Reading) -> Any:
        """`stop:` with nothing behind it takes every default."""
        if isinstance(node, Scalar) and node.empty:
            node = Fields(node.line, node.column)
        return self._of(cls)(node, path, reading)


FORMS: dict[Any, Callable[[DecoderOf], Decoder]] = {
    Localized: lambda _of: _localized,
    Condition: lambda _of: _condition,
    Value: _value,
    Step: _Entries(Step, KINDS, Authored),
    BeforeCheck: _Entries(BeforeCheck, BEFORE, Question),
    AfterCheck: _Entries(AfterCheck, AFTER, Question),
}
