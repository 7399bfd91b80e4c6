"""Collect every message into the Russian catalogue, keep what is translated, drop what is gone, compile.

Messages are the literal first arguments of `_()` in `src`, and the words of click that a user
can meet. The catalogue carries no dates, places or line numbers: it changes only when
a message or a translation does.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "src/smena/locale/ru/LC_MESSAGES/smena.po"
CLICK_MODULES = ("core", "exceptions", "formatting", "parser", "termui", "types")
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
_CHURN = tuple(
    f'"{name}:'
    for name in (
        "Generated-By",
        "Language-Team",
        "Last-Translator",
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Project-Id-Version",
        "Report-Msgid-Bugs-To",
    )
)


def messages() -> Catalog:
    """Everything that can be translated, found in the sources."""
    found = Catalog()
    for source in sources():
        with source.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords=KEYWORDS):
                found.add(message)
    return found


def sources() -> Iterator[Path]:
    """Our own modules, and those of click that speak."""
    yield from sorted((ROOT / "src/smena").rglob("*.py"))
    click = importlib.util.find_spec("click")
    assert click is not None
    assert click.submodule_search_locations
    for name in CLICK_MODULES:
        yield Path(click.submodule_search_locations[0]) / f"{name}.py"


def updated(old: Catalog, found: Catalog) -> Catalog:
    """`old` with exactly the messages that were found; a new one is left empty, never guessed."""
    old.update(found, no_fuzzy_matching=True)
    old.obsolete.clear()
    for message in old:
        message.locations = []
        message.auto_comments = []
    return old


def written(catalog: Catalog) -> bytes:
    """The catalogue's file, in a stable order."""
    catalog.header_comment = "# smena по-русски. Words of click are here too."
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=120, no_location=True, sort_output=True, ignore_obsolete=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_CHURN)).encode()


def untranslated(catalog: Catalog) -> list[str]:
    """Messages that lack words, or one of their plural forms."""
    return [
        str(message.id)
        for message in catalog
        if message.id and not all(message.string if isinstance(message.string, tuple) else [message.string])
    ]


def stored() -> Catalog:
    if not CATALOGUE.exists():
        return Catalog(locale="ru", fuzzy=False)
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ru")


def main() -> int:
    catalog = updated(stored(), messages())
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(written(catalog))
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)
    empty = untranslated(catalog)
    for name in empty:
        print(f"not translated yet: {name!r}")
    print(f"{len(catalog)} messages, {len(empty)} of them not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
