"""XML as a flat tree of elements with the positions of tags, attributes and texts.

expat proves that the file is well-formed and says where each thing begins; the tags
themselves are then read from the text, because expat does not say where an attribute
stands. Entities of the file's own are refused: nothing is ever expanded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat

from smena.edit.source import Source, Span, bad
from smena.edit.tree import MAX_DEPTH
from smena.text import Text, _, plain

_TAG = re.compile(r"<([^\s/>]+)")
_ATTRIBUTE = re.compile(r"\s+([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(r"&(#x[0-9A-Fa-f]+|#[0-9]+|[^;\s]+);|(\r\n|[\r\n\t])")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(slots=True)
class Run:
    """Characters between two tags; `cdata` keeps its brackets outside the span."""

    span: Span
    value: str
    cdata: bool


@dataclass(slots=True)
class Attribute:
    name: str
    value: str
    span: Span
    whole: Span


@dataclass(slots=True)
class Element:
    tag: str
    start: int
    content: Span
    attributes: list[Attribute]
    runs: list[Run] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)
    end: int = 0


def scan(source: Source) -> Element:
    return _Scanner(source).root()


class _Scanner:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.bytes = source.text.encode("utf-8")
        self.open: list[Element] = []
        self.top: list[Element] = []
        self.run: Run | None = None
        self.cdata = False
        self.byte = self.character = 0
        self.parser = expat.ParserCreate("utf-8", " ")
        self.parser.buffer_text = False
        self._listen()

    def root(self) -> Element:
        try:
            self.parser.Parse(self.bytes, True)
        except expat.ExpatError as error:
            raise bad(self.source.file, error.lineno, plain(expat.ErrorString(error.code))) from None
        return self.top[0]

    def _listen(self) -> None:
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        parser.CommentHandler = lambda _text: self._close_run()
        parser.ProcessingInstructionHandler = lambda _target, _text: self._close_run()
        parser.EntityDeclHandler = parser.SkippedEntityHandler = self._entity

    def _here(self) -> int:
        """The character at which the present event begins; events come in order, so this walks the text once."""
        byte = self.parser.CurrentByteIndex
        self.character += len(self.bytes[self.byte : byte].decode("utf-8"))
        self.byte = byte
        return self.character

    def _start(self, _name: str, _attributes: object) -> None:
        self._close_run()
        if len(self.open) >= MAX_DEPTH:
            raise self._bad(_("it is nested more than {limit} deep", limit=MAX_DEPTH))
        element = self._tag(self._here())
        (self.open[-1].inside if self.open else self.top).append(element)
        self.open.append(element)

    def _tag(self, start: int) -> Element:
        text = self.source.text
        found = _TAG.match(text, start)
        assert found  # noqa: S101 - expat has just read a tag here
        tag, position = found[1], found.end()
        attributes = []
        while match := _ATTRIBUTE.match(text, position):
            position = match.end()
            name, whole = match[1], (match.start(1), position)
            attributes.append(Attribute(name, self._plain(match[2][1:-1]), (match.start(2) + 1, position - 1), whole))
        stop = text.index(">", position) + 1
        return Element(tag, start, (stop, stop), attributes)

    def _end(self, _name: str) -> None:
        self._close_run()
        element, here = self.open.pop(), self._here()
        start = element.content[0]
        if self.source.text.startswith("</", here):
            element.content = (start, here)
            element.end = self.source.text.index(">", here) + 1
        else:  # <tag/>: there is no place between the tags
            element.end = start

    def _characters(self, value: str) -> None:
        here = self._here()
        if self.run is None:
            self.run = Run((here, here), "", self.cdata)
        self.run.value += value

    def _start_cdata(self) -> None:
        self._close_run()
        self.cdata = True

    def _end_cdata(self) -> None:
        self._close_run()
        self.cdata = False

    def _close_run(self) -> None:
        if self.run is None:
            return
        run, self.run = self.run, None
        start, end = run.span[0], self._here()
        text = self.source.text[start:end]
        if not run.cdata:  # the blanks around a text are layout
            start, end = start + len(text) - len(text.lstrip()), start + len(text.rstrip())
        if start < end and run.value.strip():
            self.open[-1].runs.append(Run((start, end), run.value.strip(), run.cdata))

    def _entity(self, *_event: object) -> None:
        raise self._bad(_("entities of its own are not read"))

    def _bad(self, problem: Text) -> Exception:
        return bad(self.source.file, self.parser.CurrentLineNumber, problem)

    def _plain(self, raw: str) -> str:
        return _REFERENCE.sub(self._meaning, raw) if "&" in raw or "\n" in raw or "\t" in raw or "\r" in raw else raw

    def _meaning(self, match: re.Match[str]) -> str:
        name = match[1]
        if name is None:
            return " "
        if name.startswith("#"):
            return chr(int(name[2:], 16) if name[1] == "x" else int(name[1:]))
        if name not in _NAMED:
            self._entity()
        return _NAMED[name]
