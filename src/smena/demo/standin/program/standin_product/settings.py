"""Reads the part of YAML that the product's configuration files use: nested mappings of single values.

Everything becomes one flat mapping with dotted names. What this reader does not know
(anchors, flow collections, blocks of text) and what no one can mean (a name twice, tabs)
is refused with the line: a badly merged file must not pass.
"""

from __future__ import annotations

import json
import re

from .refusal import Refusal

_ENTRY = re.compile(r"""^( *)("[^"]*"|'[^']*'|[^\s:#'"\[\]{}&*!|>%@`-][^:#]*?) *:(?:\s+(.*))?$""")


def parse(content: bytes, where: str) -> dict[str, str]:
    """The settings in a file; `where` names it in refusals."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"{where}: not UTF-8 ({error.reason})") from None
    found: dict[str, str] = {}
    above: list[tuple[int, str]] = []  # the mappings that the present line may lie in
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r")
        if not line.strip() or line.lstrip().startswith("#") or line.rstrip() == "---":
            continue
        indent, key, value = _entry(line, f"{where}, line {number}")
        while above and above[-1][0] >= indent:
            above.pop()
        name = ".".join([*(outer for _, outer in above), key])
        if name in found:
            raise Refusal(f"{where}, line {number}: '{name}' stands there twice")
        above.append((indent, key))
        found[name] = value
    return found


def _entry(line: str, where: str) -> tuple[int, str, str]:
    match = _ENTRY.match(line)
    if match is None:
        raise Refusal(f"{where}: cannot read: {line.strip()}")
    key = match[2]
    if key[0] in "\"'":
        key = key[1:-1]
    return len(match[1]), key, _scalar((match[3] or "").strip(), where)


def _scalar(written: str, where: str) -> str:
    if written.startswith("'"):
        inner, closed, rest = written[1:].replace("''", "\0").partition("'")
        return _closed(inner.replace("\0", "'"), closed, rest, where)
    if written.startswith('"'):
        match = re.match(r'("(?:[^"\\]|\\.)*")(.*)$', written)
        if match is None:
            raise Refusal(f"{where}: the quote is not closed")
        try:
            return _closed(str(json.loads(match[1])), '"', match[2], where)
        except ValueError:
            raise Refusal(f"{where}: cannot read {match[1]}") from None
    if written[:1] and written[0] in "[{&*!|>%@`":
        raise Refusal(f"{where}: cannot read: {written}")
    return re.split(r"(?:^|\s+)#", written, maxsplit=1)[0].rstrip()


def _closed(value: str, closed: str, rest: str, where: str) -> str:
    if not closed or (rest.strip() and not rest.strip().startswith("#")):
        raise Refusal(f"{where}: text after the quote, or the quote is not closed")
    return value
