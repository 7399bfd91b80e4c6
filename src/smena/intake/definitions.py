"""The definition that somebody names: a product, or a file.

A name without a folder or a dot in it is a product's; everything else is a path. Two files
in the home for one product are refused: nobody could tell which one counts. What reads
a whole definition is imported only when one is read: a list of products needs none of it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from smena.definition.mistake import near
from smena.errors import BadDefinition, ProductUnknown
from smena.host.paths import decode, encode
from smena.intake.folder import built_in, read
from smena.intake.heads import heads, names
from smena.text import Text, _, plain

__all__ = ["examined", "find", "names"]

if TYPE_CHECKING:
    from smena.definition.load import Examined
    from smena.definition.model import Definition

_PATH = re.compile(r"[/\\.]")


def find(named: str, home: Path | None = None) -> Definition:
    """The definition of a product, or the one in a file."""
    from smena.definition.load import load

    path = Path(named) if _PATH.search(named) else _file_of(named, home)
    return load(read(path), encode(path))


def examined(file: str) -> Examined:
    """All that can be said of a file, for those who write definitions."""
    from smena.definition.load import examine

    return examine(read(Path(file)), encode(file))


def _file_of(product: str, home: Path | None) -> Path:
    mine = [found.file for found in heads(home) if found.product == product] if home else []
    if len(mine) > 1:
        raise BadDefinition(
            _("there is more than one definition of {product} in the home", product=product),
            why=[plain(file) for file in mine],
            hint=_("leave one of them, and take the others away"),
        )
    if mine:
        return Path(decode(mine[0]))
    built = {path.parent.name: path for path in built_in()}
    if product in built:
        return built[product]
    raise _unknown(product, home)


def _unknown(product: str, home: Path | None) -> ProductUnknown:
    listed = names(home)
    known = [found.product for found in listed if not found.broken]
    meant = near(product, known)
    why: list[Text] = [_("known are: {names}", names=", ".join(known))]
    why += [_("{file} is no definition", file=found.file) for found in listed if found.broken]
    hint = _("did you mean {name}?", name=meant) if meant else _("see: smena product list")
    return ProductUnknown(_("no product is called {name}", name=product[:100]), why=why, hint=hint)
