"""Sentences for people, kept apart from the language they are shown in.

A lower layer never writes a finished sentence: it makes a `Text`, which is the
English template and the values that go into it. The journal stores that pair,
so a run that was made under an English terminal can be read in Russian. Only a
surface turns it into words, in the language of the one who reads.

Every command imports this module, so it imports next to nothing itself: `Text` is a
plain dataclass, which msgspec reads and writes like a struct of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

LANGUAGES = ("en", "ru")

_language: ContextVar[str] = ContextVar("smena-language", default="en")


@dataclass(frozen=True)
class Text:
    """A sentence as template and values; `str()` shows it in the current language."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return render(self, _language.get())


def _(template: str, **values: object) -> Text:
    """Mark a sentence for translation. `{name}` stands for a value; a value may be a Text itself."""
    return Text(template, {name: _storable(value) for name, value in values.items()})


def plain(words: object) -> Text:
    """Words that are nobody's to translate: a path, a program's own message, a vendor's sentence."""
    return Text("{0}", {"0": _storable(words)})


def render(text: Text, language: str) -> str:
    """The sentence in `language`; an untranslated one falls back to English rather than to nothing."""
    shown = {name: _shown(value, language) for name, value in text.values.items()}
    if text.template == "{0}":
        return str(shown["0"])
    return translated(text.template, language).format_map(shown)


def translated(template: str, language: str) -> str:
    """The template itself in `language`."""
    return template if language == "en" else _catalog(language).get(template, template)


def language() -> str:
    return _language.get()


def set_language(name: str) -> None:
    _language.set(name)


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """Show every sentence in `name` inside the block."""
    token = _language.set(name)
    try:
        yield
    finally:
        _language.reset(token)


def _storable(value: object) -> object:
    """Numbers and texts stay, a vendor's sentence keeps both languages, the rest is stored as its words."""
    if hasattr(value, "en") and hasattr(value, "ru"):
        return {"en": str(value.en), "ru": str(value.ru)}
    return value if isinstance(value, Text | str | int | float) else str(value)


def _shown(value: object, language: str) -> object:
    if isinstance(value, Text):
        return render(value, language)
    if isinstance(value, dict) and "template" in value:  # a Text that came back from the journal
        return render(Text(value["template"], value.get("values", {})), language)
    if isinstance(value, dict) and "en" in value:
        return value.get(language, value["en"])
    return value


@cache
def _catalog(language: str) -> dict[str, str]:
    """The compiled messages of one language (made from the .po file when the package is built).

    Without them smena speaks English: a broken installation must still be able to say what is wrong.
    """
    import gettext
    from pathlib import Path

    compiled = Path(__file__).parent / "locale" / language / "LC_MESSAGES" / "smena.mo"
    try:
        with compiled.open("rb") as file:
            catalog: dict[Any, str] = vars(gettext.GNUTranslations(file))["_catalog"]
    except FileNotFoundError:
        return {}
    return {key: value for key, value in catalog.items() if isinstance(key, str)}
