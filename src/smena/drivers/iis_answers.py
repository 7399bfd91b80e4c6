"""What `appcmd … /xml` answers: objects, whose attributes are read and whose words are not.

Rules: names and states come from attributes only, so no language of Windows matters. An error is told by its
number (`hresult`, else the exit status, which is the number's lower half); the words beside it are
for people. An answer that is no XML at all is still searched for a number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

import msgspec

from smena.errors import IisFailed
from smena.text import _, plain

_NUMBER = re.compile(r"hresult:\s*(?:0x)?([0-9a-fA-F]{8})")
_MESSAGE = re.compile(r"message:(.*?)\s*\)?\s*\Z", re.DOTALL)
_DECLARATION = re.compile(r"\A[^<]*<\?xml[^>]*\?>")
_OF_WINDOWS = 0x80070000
ERROR = "ERROR"


class Element(msgspec.Struct, frozen=True):
    """One element of an answer; the elements within it in their order."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element]

    def all(self, tag: str) -> Iterator[Element]:
        """Those of this name directly within."""
        return (element for element in self.inside if element.tag == tag)

    def below(self, tag: str) -> Iterator[Element]:
        """Those of this name however deep."""
        for element in self.inside:
            if element.tag == tag:
                yield element
            yield from element.below(tag)


class Trouble(msgspec.Struct, frozen=True):
    """What appcmd says went wrong: the number of Windows (its lower half), None where there is none, and its words."""

    number: int | None
    words: str


def parse(answer: str) -> Element:
    """The answer's root. Nothing at all is an answer without objects."""
    root = Element("", {}, [])
    body = _DECLARATION.sub("", answer).strip()
    if not body:
        return root
    above = [root]
    parser = expat.ParserCreate("utf-8")

    def begin(tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, attributes, [])
        above[-1].inside.append(element)
        above.append(element)

    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _tag: above.pop() and None
    try:
        parser.Parse(body.encode("utf-8"), True)
    except expat.ExpatError as error:
        raise IisFailed(_("the answer of appcmd cannot be read"), why=[plain(body[:300])]) from error
    return root.inside[0]


def trouble(status: int, answer: str) -> Trouble | None:
    """What went wrong, if anything did. Finding nothing (status 1, no words) is no trouble."""
    told = _told(answer)
    if told is None:
        silent = status == 0 or (status == 1 and (not answer.strip() or answer.lstrip().startswith("<")))
        return None if silent else Trouble(status, answer.strip()[:300])
    words, code = told
    if code is None:
        return Trouble(status or None, words)
    return Trouble(_windows(int(code, 16)), words)


def _told(answer: str) -> tuple[str, str | None] | None:
    if answer.lstrip().startswith("<"):
        error = next(parse(answer).below(ERROR), None)
        return None if error is None else (error.attributes.get("message", ""), error.attributes.get("hresult"))
    if not answer.lstrip().startswith(ERROR):
        return None
    number, message = _NUMBER.search(answer), _MESSAGE.search(answer)
    return message[1].strip() if message else answer.strip(), number[1] if number else None


def _windows(number: int) -> int:
    return number & 0xFFFF if number & 0xFFFF0000 == _OF_WINDOWS else number
