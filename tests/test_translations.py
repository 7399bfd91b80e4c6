"""Every message exists in both languages, none is empty or a guess, and the catalogue is as the script writes it."""

from __future__ import annotations

import ast
import re
from string import Formatter

import pytest
from babel.messages.catalog import Message

from scripts import translations
from smena.text import Text, _, plain, render, speaking, translated

CATALOGUE = translations.stored()
MESSAGES = [message for message in CATALOGUE if message.id]
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def forms(words: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def names(template: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(template) if name is not None}


def key(message: Message) -> str:
    return forms(message.id)[0]


def test_the_catalogue_holds_exactly_the_messages_of_the_sources() -> None:
    found = {key(message) for message in translations.messages() if message.id}
    stored = {key(message) for message in MESSAGES}
    assert (found - stored, stored - found) == (set(), set()), "call `make translations`"


def test_every_call_is_collected() -> None:
    """A call inside an f-string is not seen by the collector, and a template that is no literal cannot be."""
    found = {key(message) for message in translations.messages() if message.id}
    unseen = [
        f"{source.relative_to(translations.ROOT)}:{call.lineno}"
        for source in sorted((translations.ROOT / "src/smena").rglob("*.py"))
        for call in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "_"
        if not isinstance(call.args[0], ast.Constant) or call.args[0].value not in found
    ]
    assert unseen == []


def test_every_message_is_translated() -> None:
    assert translations.untranslated(CATALOGUE) == []


def test_nothing_is_a_guess() -> None:
    assert [key(message) for message in MESSAGES if message.fuzzy] == []


def test_a_translation_has_the_same_values() -> None:
    wrong = [
        (key(message), translation)
        for message in MESSAGES
        for translation in forms(message.string)
        if translation and names(translation) not in [names(form) for form in forms(message.id)]
    ]
    assert wrong == []


def test_the_catalogue_is_as_the_script_writes_it() -> None:
    assert translations.CATALOGUE.read_bytes() == translations.written(
        translations.updated(translations.stored(), translations.messages())
    )


def test_the_catalogue_names_no_places() -> None:
    words = translations.CATALOGUE.read_text(encoding="utf-8")
    assert "#:" not in words
    assert "#~" not in words


def test_the_compiled_catalogue_is_current() -> None:
    assert [
        key(message)
        for message in MESSAGES
        if isinstance(message.id, str) and message.string and translated(message.id, "ru") != message.string
    ] == []


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        (_("Error: {message}", message=plain("x")), "Ошибка: x"),
        (_("Error: {message}", message=_("a command is missing")), "Ошибка: не указана команда"),
        (Text("no message of ours {n}", {"n": 3}), "no message of ours 3"),
        (plain("{braces} stay"), "{braces} stay"),
    ],
)
def test_rendering(text: Text, russian: str) -> None:
    assert render(text, "ru") == russian
    with speaking("ru"):
        assert str(text) == russian
    assert not _CYRILLIC.search(str(text))
