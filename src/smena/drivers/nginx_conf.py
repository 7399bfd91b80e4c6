"""Reading nginx configuration: directives with their own text, as nginx itself would take them apart.

Only the form is known here, no directive's meaning. What has a form of its own (code of other
languages in blocks) is refused by name rather than guessed at. Bytes that are not UTF-8 survive: the text is
read with surrogates and written the same way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from smena.errors import SiteUnreadable
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

_SPACE = " \t\r\n"
_DEEPEST = 16


class Directive(msgspec.Struct, frozen=True):
    """One directive. `start` and `end` bound it in its file's text; `inside` is where its block's content begins."""

    name: str
    args: tuple[str, ...]
    raw: str
    start: int
    end: int
    line: int
    inside: int = 0
    block: tuple[Directive, ...] | None = None


def read(path: Path) -> str:
    with telling(_("cannot read {path}", path=encode(path))):
        return path.read_bytes().decode("utf-8", "surrogateescape")


def written(text: str) -> bytes:
    """The inverse of `read`."""
    return text.encode("utf-8", "surrogateescape")


def parse(text: str, file: str = "") -> tuple[Directive, ...]:
    """The directives of a whole file."""
    reader = _Reader(text, file)
    found = reader.directives(0)
    if reader.at < len(text):
        raise reader.trouble(text[reader.at])
    return found


def expanded(directives: tuple[Directive, ...], base: Path, depth: int = 0) -> Iterator[Directive]:
    """The directives with what they include in the includes' places; `base` is the main file's folder."""
    for directive in directives:
        if directive.name != "include" or len(directive.args) != 1 or depth >= _DEEPEST:
            yield directive
            continue
        pattern = base / directive.args[0]
        for path in sorted(Path(pattern.anchor).glob(os.fspath(pattern.relative_to(pattern.anchor)))):
            yield from expanded(parse(read(path), os.fspath(path)), base, depth + 1)


class _Reader:
    """One pass over one text."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.at = 0

    def directives(self, depth: int) -> tuple[Directive, ...]:
        found = []
        while self._skip() and self.text[self.at] != "}":
            found.append(self._directive(depth))
        return tuple(found)

    def trouble(self, what: str) -> SiteUnreadable:
        line = self.text.count("\n", 0, self.at) + 1
        return SiteUnreadable(
            _("cannot take {file} apart safely", file=encode(self.file)),
            why=[_("line {line}: {what}", line=line, what=encode(what[:80]))],
        )

    def _directive(self, depth: int) -> Directive:
        start, line, words = self.at, self.text.count("\n", 0, self.at) + 1, []
        while self._skip() and self.text[self.at] not in "{};":
            words.append(self._word())
        if self.at >= len(self.text) or not words or self.text[self.at] == "}":
            raise self.trouble(words[0] if words else self.text[self.at : self.at + 1])
        closing, self.at, inside, block = self.text[self.at], self.at + 1, self.at + 1, None
        if closing == "{":
            if words[0].endswith("_by_lua_block") or depth >= _DEEPEST:
                raise self.trouble(words[0])
            block = self.directives(depth + 1)
            if self.at >= len(self.text):
                raise self.trouble(words[0])
            self.at += 1
        name, *args = words
        return Directive(name, tuple(args), self.text[start : self.at], start, self.at, line, inside, block)

    def _skip(self) -> bool:
        """Over white space and comments; whether anything is left."""
        while self.at < len(self.text):
            if self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif self.text[self.at] in _SPACE:
                self.at += 1
            else:
                return True
        return False

    def _word(self) -> str:
        quote = self.text[self.at]
        return self._quoted(quote) if quote in "\"'" else self._bare()

    def _quoted(self, quote: str) -> str:
        word, self.at = "", self.at + 1
        while self.at < len(self.text) and self.text[self.at] != quote:
            if self.text[self.at] == "\\" and self.text[self.at + 1 : self.at + 2] in ("\\", quote):
                self.at += 1
            word += self.text[self.at : self.at + 1]
            self.at += 1
        if self.at >= len(self.text):
            raise self.trouble(word)
        self.at += 1
        return word

    def _bare(self) -> str:
        """Up to white space, `;` or `{`; but `${` is a variable, and a backslash takes the next character along."""
        start = self.at
        while self.at < len(self.text) and self.text[self.at] not in _SPACE + ";{":
            width = 2 if self.text[self.at] == "\\" or self.text.startswith("${", self.at) else 1
            self.at += width
        self.at = min(self.at, len(self.text))
        return self.text[start : self.at]
