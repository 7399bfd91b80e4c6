"""Nodes to typed objects, by walking the annotations of `model.py` beside the nodes.

The classes are the format: a field that is added there can be read here at once. For
each annotation one decoder is made at its first use and kept. A decoder always
returns a value of its type: what was wrong is reported and replaced by a blank.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec

from smena.definition import scalars
from smena.definition.forms import FORMS
from smena.definition.mistake import Wrong, near, nearest, short
from smena.definition.model import Definition
from smena.definition.nodes import Fields, Items, Node, Path, Scalar
from smena.definition.read import BLANKS, READERS
from smena.definition.reading import Decoder, Reading, Written
from smena.text import _, plain

TEMPLATES = frozenset({scalars.Template, scalars.PathTemplate, scalars.Argument, scalars.Url, scalars.Glob})
_JUDGED_LATER = frozenset({scalars.Range, scalars.Version, scalars.Regex})
_FREE_KEYS = frozenset({str, scalars.KeyPath})
"""Mappings whose names are the product's own: there even `x-…` is a name."""


def decode(reading: Reading) -> Definition:
    """The whole definition; it may be used only if no mistake was added."""
    definition: Definition = decoder(Definition)(reading.root, (), reading)
    return definition


@cache
def decoder(kind: Any) -> Decoder:
    """The decoder of one annotation."""
    if kind in FORMS:
        return FORMS[kind](decoder)
    if kind in READERS:
        return _scalar(kind)
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return _choice(args)
    if origin is tuple:
        return _list(decoder(args[0]))
    if origin is dict:
        return _mapping(*args)
    if origin in (Union, UnionType):
        return _optional(args)
    return _object(kind)


def fields_of(cls: type[msgspec.Struct]) -> list[msgspec.structs.FieldInfo]:
    """The fields of the format; `line` is not part of it."""
    return [field for field in msgspec.structs.fields(cls) if field.name != "line"]


def _scalar(kind: Any) -> Decoder:
    reader = READERS[kind]
    blank = BLANKS.get(kind, "")
    template, later = kind in TEMPLATES, kind in _JUDGED_LATER

    def read(node: Node, path: Path, reading: Reading) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            reading.misfit(node, path, _("a single value"))
            return blank
        text = node.text
        try:
            value = reader(text)
        except Wrong as wrong:
            reading.wrong(node, path, wrong.text, wrong.right)
            return blank
        if later or (template and ("$" in text or not text.isascii())):
            reading.written.append(Written(kind, text, path, node))
        return value

    return read


def _choice(names: tuple[str, ...]) -> Decoder:
    def read(node: Node, path: Path, reading: Reading) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            reading.misfit(node, path, _("a single value"))
        elif node.text in names:
            return node.text
        else:
            what = _("{text} is not possible here", text=short(node.text))
            reading.wrong(node, path, what, nearest(node.text, names))
        return names[0]

    return read


def _list(element: Decoder) -> Decoder:
    def read(node: Node, path: Path, reading: Reading) -> Any:
        if isinstance(node, Items):
            return tuple([element(item, (*path, at), reading) for at, item in enumerate(node.items)])
        right = plain(f"[{short(node.text)}]") if isinstance(node, Scalar) and node.text else None
        reading.misfit(node, path, _("a list"), right)
        return ()

    return read


def _mapping(key_kind: Any, value_kind: Any) -> Decoder:
    read_key, read_value = decoder(key_kind), decoder(value_kind)
    free = key_kind in _FREE_KEYS

    def read(node: Node, path: Path, reading: Reading) -> Any:
        if not isinstance(node, Fields):
            reading.misfit(node, path, _("a mapping"))
            return {}
        values = {}
        for key, value in reading.pairs(node, path):
            name = key.text
            if free or not name.startswith("x-"):
                below = (*path, name)
                read_key(key, below, reading)
                values[name] = read_value(value, below, reading)
        return values

    return read


def _optional(args: tuple[Any, ...]) -> Decoder:
    """`X | None`: nothing can be written that means None, the field is just left out."""
    rest = tuple(arg for arg in args if arg is not NoneType)
    return decoder(rest[0] if len(rest) == 1 else Union[rest])  # noqa: UP007  (a union made at run time)


class _Field(NamedTuple):
    name: str
    read: Decoder


class _Shape(NamedTuple):
    """What an object's decoder needs to know of its class."""

    cls: type[msgspec.Struct]
    fields: dict[str, _Field]
    required: dict[str, Any]
    """Blank values of the fields that must be there, by the name in the file."""
    lined: bool


def _object(cls: type[msgspec.Struct]) -> Decoder:
    shape = _shape(cls)
    fields, required = shape.fields, shape.required

    def read(node: Node, path: Path, reading: Reading) -> Any:
        if not isinstance(node, Fields):
            reading.misfit(node, path, _("a mapping"))
            return blank(cls)
        values: dict[str, Any] = {}
        strange = []
        for key, value in reading.pairs(node, path):
            field = fields.get(key.text)
            if field is None:
                strange.append((key, value))
            else:
                values[field.name] = field.read(value, (*path, key.text), reading)
        for key, value in strange:
            _unknown(shape, (key, value), path, reading, values)
        for name, stand_in in required.items():
            if fields[name].name not in values:
                reading.wrong(node, (*path, name), _("{name} is missing", name=name), plain(f"{name}: …"))
                values[fields[name].name] = stand_in
        if shape.lined:
            values["line"] = node.line
        return cls(**values)

    return read


def _unknown(shape: _Shape, pair: tuple[Scalar, Node], path: Path, reading: Reading, values: dict[str, Any]) -> None:
    """A field that does not exist is read as the one that was probably meant, so that mistakes in it are found too."""
    key, value = pair
    if key.text.startswith("x-"):
        return
    names = shape.fields
    reading.wrong(key, (*path, key.text), _("unknown field {name}", name=short(key.text)), nearest(key.text, names))
    meant = near(key.text, names)
    if meant and names[meant].name not in values:
        key.text = meant
        values[names[meant].name] = names[meant].read(value, (*path, meant), reading)


def _shape(cls: type[msgspec.Struct]) -> _Shape:
    fields = fields_of(cls)
    return _Shape(
        cls,
        {field.encode_name: _Field(field.name, decoder(field.type)) for field in fields},
        {field.encode_name: blank(field.type) for field in fields if field.required},
        "line" in cls.__struct_fields__,
    )


@cache
def blank(kind: Any) -> Any:
    """A value of this type that says nothing."""
    if kind in READERS:
        return BLANKS.get(kind, "")
    origin = get_origin(kind)
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (tuple, dict):
        return origin()
    if origin in (Union, UnionType):
        return blank(get_args(kind)[0])
    return kind(**{field.name: blank(field.type) for field in fields_of(kind) if field.required})
