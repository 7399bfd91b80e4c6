"""The definitions that a question about "all products" is put to: a broken one hides only itself."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from smena.definition.model import Definition
from smena.errors import SmenaError
from smena.intake import definitions, heads
from smena.text import Text, _


class Catalog(NamedTuple):
    """Definitions, and what keeps others from being asked."""

    definitions: list[Definition]
    troubles: list[Text]


def catalog(home: Path, product: str | None = None) -> Catalog:
    """Every definition that is known, or the one of a product: then a broken one is an error."""
    if product is not None:
        return Catalog([definitions.find(product, home)], [])
    found: list[Definition] = []
    troubles: list[Text] = []
    for head in heads.names(home):
        try:
            found.append(definitions.find(head.product, home))
        except SmenaError as error:
            troubles.append(passed_over(head.product, error))
    return Catalog(found, troubles)


def passed_over(product: str, error: SmenaError) -> Text:
    """What is said of a product that could not be asked."""
    return _("{product} was passed over: {why}", product=product, why=(error.message, *error.why[:1])[-1])
