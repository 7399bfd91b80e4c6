"""A file's bytes as text that can go back to the same bytes.

Positions everywhere in this room are characters of `text`: without the byte
order mark, with the line ends as they stand. Only an encoding that leads
back to identical bytes is accepted, so what is not spliced cannot change.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from smena.edit.format import Format
from smena.errors import BadContent
from smena.text import Text, _, plain

MAX_BYTES = 4 * 1024 * 1024

Span = tuple[int, int]
Splice = tuple[int, int, str]

LINE_END = re.compile(r"\r\n|\n|\r")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_XML_UTF16 = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_XML_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS = ("utf-8", "utf-16", "ascii", "iso8859", "cp12", "cp8", "koi8")


def bad(file: Text, line: int, problem: Text) -> BadContent:
    """The one form of "this cannot be read": the file, the line, what is wrong, what to do."""
    return BadContent(
        _("cannot use {file}", file=file),
        why=[_("line {line}: {problem}", line=line, problem=problem)],
        hint=_("correct line {line} of {file}", line=line, file=file),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """One file's text with everything that is needed to write it back."""

    file: Text
    text: str
    mark: bytes = b""
    encoding: str = "utf-8"
    errors: str = "strict"
    spare: str = "strict"

    @property
    def data(self) -> bytes:
        return self.mark + self.text.encode(self.encoding, self.errors)

    @property
    def newline(self) -> str:
        """The line end that the file uses most."""
        return newline_of(self.text)

    def line(self, position: int) -> int:
        return len(LINE_END.findall(self.text, 0, position)) + 1

    def line_start(self, position: int) -> int:
        return max(self.text.rfind("\n", 0, position), self.text.rfind("\r", 0, position)) + 1

    def line_end(self, position: int) -> int:
        """Where the next line begins."""
        found = LINE_END.search(self.text, position)
        return found.end() if found else len(self.text)

    def indent(self, position: int) -> str:
        """The blanks at the start of the line, up to `position` at most."""
        start = self.line_start(position)
        ahead = self.text[start:position]
        return ahead[: len(ahead) - len(ahead.lstrip(" \t"))]

    def starts_line(self, position: int) -> bool:
        return not self.text[self.line_start(position) : position].strip(" \t")

    def spliced(self, splices: Sequence[Splice]) -> Source:
        """With pieces replaced. Characters that the encoding lacks are refused, or in XML written as numbers."""
        pieces: list[str] = []
        done = 0
        for start, end, words in sorted(splices, key=lambda splice: splice[:2]):
            pieces += [self.text[done:start], self._fitting(words)]
            done = end
        return replace(self, text="".join([*pieces, self.text[done:]]))

    def _fitting(self, words: str) -> str:
        try:
            return words.encode(self.encoding, self.spare).decode(self.encoding, self.errors)
        except UnicodeError:
            raise BadContent(
                _("cannot write into {file}", file=self.file),
                why=[_("the encoding {encoding} has no such character", encoding=self.encoding)],
            ) from None


def visible(text: str) -> str:
    """Fit to be shown and stored: bytes that are no text and signs that steer a terminal are written out."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def newline_of(text: str) -> str:
    counted = Counter(LINE_END.findall(text)).most_common(1)
    return counted[0][0] if counted else "\n"


def lines_of(text: str) -> list[str]:
    """The lines with their ends: only CR, LF and CRLF end a line, unlike `str.splitlines`."""
    return _LINE.findall(text)


def read_source(form: Format, data: bytes, file: Text | None = None) -> Source:
    """Decode by byte order mark, then by what the file declares, then by what the caller knows, else as UTF-8."""
    file = file or form.shown
    if len(data) > MAX_BYTES:
        raise BadContent(
            _("cannot use {file}", file=file),
            why=[_("it has {size} bytes; more than {limit} are not read", size=len(data), limit=MAX_BYTES)],
        )
    mark, encoding = _encoding(form, data)
    strict = form.kind in ("yaml", "xml")
    errors = "strict" if strict or encoding.startswith("utf-16") else "surrogateescape"
    text = _decoded(data[len(mark) :], encoding, errors, file)
    if text.startswith("\ufeff"):
        raise bad(file, 1, _("it begins with two byte order marks"))
    return Source(file, text, mark, encoding, errors, "xmlcharrefreplace" if form.kind == "xml" else errors)


def _encoding(form: Format, data: bytes) -> tuple[bytes, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return mark, encoding
    if form.kind == "xml":
        for start, encoding in _XML_UTF16:
            if data.startswith(start):
                return b"", encoding
        if declared := _XML_DECLARED.match(data):
            return b"", declared[1].decode("ascii")
    return b"", (form.encoding or "utf-8").removesuffix("-sig")


def _decoded(data: bytes, encoding: str, errors: str, file: Text) -> str:
    try:
        known = codecs.lookup(encoding).name.startswith(_ENCODINGS)
    except LookupError:
        known = False
    if not known:
        raise bad(file, 1, _("the encoding {encoding} is not known", encoding=encoding))
    try:
        text = data.decode(encoding, errors)
        lossless = text.encode(encoding, errors) == data
        line = 1
    except UnicodeDecodeError as error:
        lossless, line = False, data.count(b"\n", 0, error.start) + 1
    if not lossless:
        raise bad(file, line, _("it is not written in {encoding}", encoding=plain(encoding)))
    return text
