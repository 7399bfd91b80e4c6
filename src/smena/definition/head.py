"""The first fields of a definition, for lists of products: read without reading the rest.

Nothing is judged here and nothing heavy is imported: a list of products must be there at
once. A file that cannot be read has no head; `load.py` says why.
"""

from __future__ import annotations

from typing import NamedTuple

import yaml
from yaml._yaml import CParser

from smena.definition.mistake import Enough, Mistakes
from smena.definition.nodes import Fields, Node, Scalar
from smena.definition.parse import Tree, judge

KEYS = frozenset({"schema", "product", "title", "about", "demo", "versions", "support"})
"""They stand first in a definition, in any order."""

_NEEDED = frozenset({"product", "title"})


class Head(NamedTuple):
    """What a list of products shows."""

    product: str
    title: dict[str, str]
    """By language, in both."""
    about: dict[str, str]
    demo: bool = False
    file: str = ""
    broken: bool = False
    """The file could not be read as a definition; `smena product check` says why."""


def head(data: bytes, file: str = "") -> Head | None:
    """The head of a definition, or None if this is none."""
    fields = _fields(data)
    product = fields.get("product")
    if not isinstance(product, Scalar) or not product.text:
        return None
    demo = fields.get("demo")
    return Head(
        product.text,
        _words(fields.get("title"), product.text),
        _words(fields.get("about"), ""),
        isinstance(demo, Scalar) and demo.text in ("yes", "true"),
        file,
    )


def _fields(data: bytes) -> dict[str, Node]:
    """The first fields; reading stops at the first that is none of them, once the product has name and title."""
    mistakes = Mistakes("")
    text = judge(data, mistakes)
    if text is None:
        return {}
    tree = Tree(mistakes)
    try:
        events = CParser(text).get_event
        while (event := events()) is not None and not tree.take(event):
            if (field := tree.field) and field not in KEYS and set(_read(tree)) >= _NEEDED:
                break
    except (yaml.YAMLError, Enough):
        return {}
    return _read(tree)


def _read(tree: Tree) -> dict[str, Node]:
    return {key.text: value for key, value in tree.root.pairs} if isinstance(tree.root, Fields) else {}


def _words(node: Node | None, otherwise: str) -> dict[str, str]:
    said = {key.text: value for key, value in node.pairs} if isinstance(node, Fields) else {}
    words = {language: text.text for language, text in said.items() if isinstance(text, Scalar) and text.text}
    spare = words.get("en") or words.get("ru") or otherwise
    return {language: words.get(language, spare) for language in ("en", "ru")}
