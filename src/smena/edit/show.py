"""Showing what differs between two files, without their secrets.

Lines are compared as they are and shown covered: a changed password is seen to have changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from smena.edit.documents import parse
from smena.edit.format import KEYED, Format
from smena.edit.masks import Masks, Veil
from smena.edit.source import lines_of, read_source
from smena.errors import BadContent

_CONTEXT = 3


def unified(form: Format, old: bytes, new: bytes, *, masks: Masks | None = None) -> str:
    """A unified diff; empty if the files are the same to the byte."""
    if old == new:
        return ""
    before, after = (lines_of(_text(form, data)) for data in (old, new))
    shown_before, shown_after = _covered(form, (old, new), masks or Masks())
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) * len(after) > 4_000_000)
    lines = [f"--- {form.file or 'old'}", f"+++ {form.file or 'new'}"]
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        (_tag, i1, _i2, j1, _j2), (_last, _i1, i2, _j1, j2) = group[0], group[-1]
        lines.append(f"@@ -{_range(i1, i2)} +{_range(j1, j2)} @@")
        for tag, start, stop, first, last in group:
            lines += _hunk(tag, shown_before[start:stop], shown_after[first:last])
    return "\n".join(lines) + "\n"


def _hunk(tag: str, old: list[str], new: list[str]) -> Iterator[str]:
    if tag == "equal":
        yield from (" " + line for line in old)
        return
    yield from ("-" + line for line in old)
    yield from ("+" + line for line in new)


def _range(start: int, stop: int) -> str:
    length = stop - start
    return f"{start + 1 if length else start},{length}"


def _text(form: Format, data: bytes) -> str:
    """The text, also of a file that is not what it should be: just such a file has to be looked at."""
    try:
        return read_source(form, data).text
    except BadContent:
        return data.decode("utf-8", "surrogateescape")


def _covered(form: Format, both: tuple[bytes, bytes], masks: Masks) -> tuple[list[str], list[str]]:
    """The lines as they may be shown; a file that cannot be understood is covered by line alone."""
    texts: list[str]
    try:
        documents = [parse(form, data) for data in both] if form.kind in KEYED else []
        veil = Veil(masks, documents)
        texts = [veil.document(document) for document in documents]
    except BadContent:
        veil, texts = Veil(masks), []
    texts = texts or [veil.text(_text(form, data)) for data in both]
    old, new = ([line.rstrip("\r\n") for line in lines_of(text)] for text in texts)
    return old, new
