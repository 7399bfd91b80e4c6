"""The licence that an order asks for: what the key will hold anyway, changed where the order says something.

Values are absolute. `none` takes a value away: no end, no seats of a module, seats not counted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import msgspec

from smena.definition.mistake import Enough, Mistakes, nearest
from smena.definition.nodes import Fields, Items, Node, Scalar
from smena.definition.parse import parse
from smena.errors import LicenceBad, OrderUnfit
from smena.keys import licence
from smena.keys.licence import Licence
from smena.text import Text, _, plain

NONE = "none"
FIELDS = (
    "product",
    "edition",
    "majors",
    "components",
    "seats",
    "module-seats",
    "limits",
    "maintenance-until",
    "expires",
)
_SHOWN_MISTAKES = 8
T = TypeVar("T")

Said = Mapping[str, Any]
"""By the names of `FIELDS`: texts, lists of texts, mappings of texts; only what was said."""


def licence_of(old: Licence, said: Said) -> Licence:
    """The licence that is wanted."""
    changes = {name.replace("-", "_"): _READ[name](said[name]) for name in FIELDS if name in said}
    for name in ("module_seats", "limits"):
        if name in changes:
            merged = {**getattr(old, name), **changes[name]}
            changes[name] = {key: value for key, value in merged.items() if value is not None}
    wanted = msgspec.structs.replace(old, **changes)
    if old.product and wanted.product != old.product:
        raise OrderUnfit(
            _("this key is for {product}; an order cannot make it one for another product", product=old.product)
        )
    licence.canonical(wanted)
    return wanted


def read(content: bytes, name: str) -> Said:
    """An order's licence in a file, YAML or JSON, with the names of the options."""
    mistakes = Mistakes(name)
    said: dict[str, Any] = {}
    try:
        root = parse(content, mistakes)
        said = _said(root, mistakes) if root is not None else {}
    except Enough:
        pass
    if mistakes.all:
        found = [mistake.sentence() for mistake in mistakes.in_order()[:_SHOWN_MISTAKES]]
        raise OrderUnfit(_("{file} does not say a licence", file=name), why=found)
    return said


def _said(root: Node, mistakes: Mistakes) -> dict[str, Any]:
    if not isinstance(root, Fields):
        mistakes.add(root.line, root.column, (), _("a mapping is wanted"))
        return {}
    said: dict[str, Any] = {}
    for key, value in root.pairs:
        if key.text not in FIELDS:
            text = _("there is no field {name} in a licence", name=key.text[:64])
            mistakes.add(key.line, key.column, (key.text,), text, nearest(key.text, FIELDS))
        else:
            said[key.text] = _plain(value)
    return said


def _plain(node: Node) -> Any:
    """Scalars stay what was written: `4.20` is no number here."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [_plain(one) for one in node.items]
    if isinstance(node, Fields):
        return {key.text: _plain(value) for key, value in node.pairs}
    return ""


def _text(name: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise _bad(name, value, _("a text"))
        return value.strip()

    return read


def _texts(name: str) -> Callable[[Any], frozenset[str]]:
    """A list, or one text with commas."""

    def read(value: Any) -> frozenset[str]:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
            raise _bad(name, value, _("a list of names"))
        return frozenset(part.strip() for part in parts if part.strip() and part.strip() != NONE)

    return read


def _seats(name: str) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        if value == NONE:
            return None
        if not isinstance(value, str) or not value.isascii() or not value.isdigit() or int(value) >= 2**32:
            raise _bad(name, value, _("a number of seats, or none"))
        return int(value)

    return read


def _day(name: str) -> Callable[[Any], date | None]:
    def read(value: Any) -> date | None:
        if value == NONE:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise _bad(name, value, _("a day such as 2027-03-31, or none")) from error

    return read


def _each(name: str, of: Callable[[str], Callable[[Any], T]]) -> Callable[[Any], dict[str, T]]:
    def read(value: Any) -> dict[str, T]:
        if not isinstance(value, Mapping):
            raise _bad(name, value, _("names with their values"))
        return {str(key).strip(): of(f"{name} {key}")(one) for key, one in value.items()}

    return read


_READ: Mapping[str, Callable[[Any], Any]] = {
    "product": _text("product"),
    "edition": _text("edition"),
    "majors": _texts("majors"),
    "components": _texts("components"),
    "seats": _seats("seats"),
    "module-seats": _each("module-seats", _seats),
    "limits": _each("limits", _day),
    "maintenance-until": _day("maintenance-until"),
    "expires": _day("expires"),
}


def _bad(name: str, value: Any, wanted: Text) -> LicenceBad:
    return LicenceBad(
        _("{name} cannot be {value}", name=name, value=plain(str(value)[:64])),
        why=[_("wanted is: {what}", what=wanted)],
    )
