"""What `reg export` writes, read: keys, and the values of each. Nothing of it depends on the language of Windows.

Only what smena looks at is told apart: text, text with `%NAME%` in it, lists of texts, and numbers; every other
kind stays as its bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from smena.host.console import text_of

Value = str | int | tuple[str, ...] | bytes
Values = dict[str, Value]
Keys = dict[str, Values]
_NAMED = re.compile(r'(?:@|"((?:[^"\\]|\\.)*)")=(.*)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_HEX = re.compile(r"hex(?:\(([0-9a-f]+)\))?:(.*)", re.IGNORECASE | re.DOTALL)
_EXPANDED, _LIST = "2", "7"


def parse(raw: bytes) -> Keys:
    """The values of each key, in the file's order; `` is the name of a key's own value."""
    keys: Keys = {}
    values: Values = {}
    for line in _lines(text_of(raw)):
        if line.startswith("[") and line.endswith("]"):
            values = keys.setdefault(line[1:-1], {})
        elif named := _NAMED.fullmatch(line):
            values[_ESCAPED.sub(r"\1", named[1] or "")] = _value(named[2])
    return keys


def _lines(text: str) -> Iterator[str]:
    """A long value goes on in the next line; a text may hold line ends itself."""
    whole = ""
    for line in text.split("\n"):
        whole += line.lstrip() if whole and whole.endswith(",") else line
        if whole.endswith(",\\"):
            whole = whole[:-1]
        elif _open(whole):
            whole += "\n"
        else:
            yield whole
            whole = ""
    if whole:
        yield whole


def _open(line: str) -> bool:
    return line.startswith(('"', "@")) and len(re.findall(r'(?<!\\)(?:\\\\)*"', line)) % 2 == 1


def _value(written: str) -> Value:
    if written.startswith('"'):
        return _ESCAPED.sub(r"\1", written[1:-1])
    if written.startswith("dword:"):
        return int(written.removeprefix("dword:"), 16)
    found = _HEX.fullmatch(written)
    raw = bytes.fromhex(re.sub(r"[\s,\\]", "", found[2])) if found else b""
    kind = found[1] if found else None
    if kind == _EXPANDED:
        return raw.decode("utf-16-le", "surrogatepass").rstrip("\0")
    if kind == _LIST:
        return tuple(part for part in raw.decode("utf-16-le", "surrogatepass").split("\0") if part)
    return raw
