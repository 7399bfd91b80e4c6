"""The JSON Schema of the format, for editors: made from the same classes that the reader walks.

It describes form only; what needs the whole definition (look-ups, references, ranges) is
`smena product check`'s to say. Editors hand typed values over (`4.20` as a number, `yes` as
text or flag), so texts may be numbers and flags here, where the reader sees what was written.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from types import ModuleType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from smena.definition import checks, model, scalars, steps, values
from smena.definition.check import SCHEMA
from smena.definition.condition import Condition
from smena.definition.decode import fields_of
from smena.definition.forms import CONDITIONS
from smena.definition.model import Definition
from smena.definition.values import Localized, Value

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_ANY_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_FREE: Schema = {"^x-": {}}
_ID = {"type": ["string", "integer"], "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_SCALARS: dict[Any, Schema] = {
    str: _ANY_TEXT,
    bool: {"enum": [True, False, "yes", "no", "true", "false"]},
    int: {"type": "integer"},
    scalars.Id: _ID,
    scalars.Seconds: {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?[smhd]$"},
    scalars.Bytes: {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?(B|KB|MB|GB|TB)$"},
    scalars.Port: {"type": "integer", "minimum": 1, "maximum": 65535},
    scalars.Email: {"type": "string", "pattern": "^[^ @]+@[^ @]+$"},
    scalars.Url: {"type": "string", "pattern": r"^(https?://|\$\{)"},
    scalars.FilePattern: {"type": "string", "pattern": r"^[^/\\]+$"},
}
_TABLES: dict[Any, tuple[dict[str, Any], dict[str, Any]]] = {
    steps.Step: (steps.KINDS, {"when": Condition, "title": Localized}),
    checks.BeforeCheck: (checks.BEFORE, {"when": Condition}),
    checks.AfterCheck: (checks.AFTER, {"when": Condition}),
}


def json_schema() -> Schema:
    """The whole schema, with the definition's classes under `$defs`."""
    maker = _Maker()
    root = maker.of(Definition)
    defs = dict(sorted(maker.defs.items()))
    defs["Definition"]["properties"]["schema"] = {"const": SCHEMA}
    return {"$schema": DIALECT, "title": "smena product definition", **root, "$defs": defs}


class _Maker:
    """Turns annotations into schemas; each class becomes one entry of `$defs`."""

    def __init__(self) -> None:
        self.defs: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of one annotation."""
        special = {Localized: _localized, Condition: _condition}.get(kind)
        if special:
            return self._named(kind, special)
        if kind == Value:
            return {"anyOf": [self.of(scalars.Template), self.of(values.Read)]}
        if kind in _TABLES:
            return self._named(kind, lambda: self._entry(*_TABLES[kind]))
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            rest = tuple(arg for arg in args if arg is not NoneType)
            return self.of(rest[0] if len(rest) == 1 else Union[rest])  # noqa: UP007  (made at run time)
        return self._plain(kind, origin, args)

    def _plain(self, kind: Any, origin: Any, args: tuple[Any, ...]) -> Schema:
        if origin is Literal:
            return {"enum": list(args)}
        if origin is tuple:
            return {"type": "array", "items": self.of(args[0])}
        if origin is dict:
            return self._mapping(*args)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._named(kind, lambda: self._object(kind))
        return _scalar(kind)

    def _named(self, kind: type, make: Any) -> Schema:
        name = f"{kind.__name__}Step" if kind in steps.KINDS.values() else kind.__name__
        if name not in self.defs:
            self.defs[name] = {}  # stands there while it is made
            self.defs[name] = {**_description(inspect.getdoc(kind)), **make()}
        return {"$ref": f"#/$defs/{name}"}

    def _object(self, cls: type[msgspec.Struct]) -> Schema:
        described = field_docs(cls)
        return {
            "type": "object",
            "properties": {
                field.encode_name: {**self.of(field.type), **_description(described.get(field.name))}
                for field in fields_of(cls)
            },
            "required": [field.encode_name for field in fields_of(cls) if field.required],
            "patternProperties": _FREE,
            "additionalProperties": False,
        }

    def _entry(self, kinds: dict[str, Any], beside: dict[str, Any]) -> Schema:
        """`{kind: {parameters}}`: exactly one kind, and what may stand beside it."""
        properties = {kind: {"anyOf": [self.of(cls), {"type": "null"}]} for kind, cls in kinds.items()}
        return {
            "type": "object",
            "properties": {**properties, **{name: self.of(kind) for name, kind in beside.items()}},
            "oneOf": [{"required": [kind]} for kind in kinds],
            "patternProperties": _FREE,
            "additionalProperties": False,
        }

    def _mapping(self, key: Any, value: Any) -> Schema:
        shape: Schema = {"type": "object", "additionalProperties": self.of(value)}
        if get_origin(key) is Literal:
            return shape | {"propertyNames": {"enum": list(get_args(key))}}
        if key is scalars.Id:
            return shape | {"propertyNames": {"pattern": _ID["pattern"]}, "patternProperties": _FREE}
        return shape


@cache
def field_docs(cls: type) -> dict[str, str]:
    """What the source says of each field: the text that stands below it."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        module = inspect.getmodule(base)
        if module in (model, steps, checks, values):
            docs |= _docs_of(module).get(base.__name__, {})
    return docs


@cache
def _docs_of(module: ModuleType) -> dict[str, dict[str, str]]:
    tree = ast.parse(inspect.getsource(module))
    return {node.name: _below(node.body) for node in tree.body if isinstance(node, ast.ClassDef)}


@cache
def _scalar_docs() -> dict[str, str]:
    return _below(ast.parse(inspect.getsource(scalars)).body)


def _below(body: list[ast.stmt]) -> dict[str, str]:
    """Names that are followed by a text of their own."""
    docs = {}
    for statement, after in pairwise(body):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str):
            target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
            if isinstance(target, ast.Name):
                docs[target.id] = inspect.cleandoc(after.value.value)
    return docs


def _scalar(kind: Any) -> Schema:
    return {**_SCALARS.get(kind, _ANY_TEXT), **_description(_scalar_docs().get(getattr(kind, "__name__", "")))}


def _description(text: str | None) -> Schema:
    return {"description": text} if text else {}


def _localized() -> Schema:
    return {
        "type": "object",
        "properties": {"en": {**_ANY_TEXT, "minLength": 1}, "ru": {**_ANY_TEXT, "minLength": 1}},
        "required": ["en", "ru"],
        "patternProperties": _FREE,
        "additionalProperties": False,
    }


def _condition() -> Schema:
    wanted: Schema = {"anyOf": [_ANY_TEXT, {"type": "array", "items": _ANY_TEXT, "minItems": 1}]}
    return {
        "type": "object",
        "properties": dict.fromkeys(CONDITIONS, wanted),
        "patternProperties": {r"^(setting|fact)\.": wanted, **_FREE},
        "additionalProperties": False,
    }
