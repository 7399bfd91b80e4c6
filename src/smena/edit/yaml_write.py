"""How a value can be written in YAML: the ways, the best first. The document proves which one holds."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator

from smena.edit.source import LINE_END
from smena.edit.yaml_read import MAP, STR, plain_tag

_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
_UNSAFE_PLAIN = re.compile(r"[\n\r]|^\s|\s$|^$")


def scalars(value: str, style: str, *, was_text: bool) -> Iterator[str]:
    """In the present quotes first. What would be read as a number or a yes is quoted where a text stood."""
    if style == "" and not _UNSAFE_PLAIN.search(value) and not (was_text and plain_tag(value) != STR):
        yield value
    if style in ("", "'") and not LINE_END.search(value):
        yield "'" + value.replace("'", "''") + "'"
    yield double(value)
    yield double(value, ascii_only=True)


def double(value: str, *, ascii_only: bool = False) -> str:
    return '"' + "".join(_escaped(sign, ascii_only) for sign in value) + '"'


def _escaped(sign: str, ascii_only: bool) -> str:
    if sign in _SHORT:
        return _SHORT[sign]
    if sign.isprintable() and (sign.isascii() or not ascii_only):
        return sign
    return f"\\U{ord(sign):08x}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04x}"


def literal(value: str, indent: str, newline: str) -> str:
    """A `|` block: the way several lines are written where several lines stood."""
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    head = "|" + ("-" if ends == 0 else "" if ends == 1 else "+")
    lines = [indent + line if line else "" for line in body.split("\n")] + [""] * max(ends - 1, 0)
    return newline.join([head, *lines])


def flow(same: Hashable) -> str:
    """Any value on one line, made from what it means: the last resort, it loses only how it was written."""
    assert isinstance(same, tuple)  # noqa: S101 - every `same` of the YAML reader is (tag, content)
    tag, content = same
    mark = "" if tag == MAP or tag.startswith("tag:yaml.org,2002:") else f"!<{tag}> " if ":" in tag else f"{tag} "
    if isinstance(content, str):
        plain = not mark and tag != STR and plain_tag(content) == tag
        return content if plain else mark + double(content)
    if tag == MAP or any(_is_pair(item) for item in content):
        return mark + "{" + ", ".join(f"{_name(name)}: {flow(value)}" for name, value in content) + "}"
    return mark + "[" + ", ".join(flow(item) for item in content) + "]"


def _is_pair(item: Hashable) -> bool:
    return isinstance(item, tuple) and len(item) == 2 and not isinstance(item[0], str)


def _name(name: Hashable) -> str:
    return double(name) if isinstance(name, str) else flow(name)
