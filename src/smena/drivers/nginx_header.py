"""A header in a site's file that has browsers forget what they cached, and that ends by itself.

The header's value comes from a `map` over today's date, so that it is not sent any more after the last
day, whether or not anybody takes the lines away. A header set in a server or location hides those set
further out: so the lines go where headers are set already, and repeat those that they would hide.
Our lines stand between two marks; whatever is put in anew takes the old ones out first.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta
from pathlib import Path

import msgspec

from smena.drivers.nginx_conf import Directive, expanded
from smena.drivers.nginx_page import receiving, servers

_BEGIN, _END = "# smena: site-header", "# smena: end of site-header"
_OURS = re.compile(rf"[ \t]*{_BEGIN}.*?{_END}\n", re.DOTALL)


class Header(msgspec.Struct, frozen=True):
    """For whom, from which day to which; `secure`: users come in by https, whatever stands before this server."""

    instance: str
    first: date
    last: date
    secure: bool


def without(text: str) -> str:
    """The file's text without our lines."""
    return _OURS.sub("", text)


def put_in(text: str, file: str, base: Path, header: Header, outer: tuple[str, ...]) -> str:
    """The file's text with the header; `outer` are the headers that are set for all sites."""
    text = without(text)
    places: list[tuple[int, str]] = []
    for server in servers(text, file):
        lines = _lines(server, base, header)
        hidden = () if _sets_headers(server, base) else outer
        places.append((server.inside, _marked(header, [*hidden, *lines], "    ")))
        places += [(at, _marked(header, lines, "        ")) for at in _inner(server, base)]
    for at, snippet in sorted(places, reverse=True):
        text = _inserted(text, at, snippet)
    return _map(header) + text


def variable(instance: str) -> str:
    """A name of its own for each instance: nginx knows only one of a name."""
    return f"smena_{hashlib.sha256(instance.encode()).hexdigest()[:12]}"


def _inserted(text: str, at: int, snippet: str) -> str:
    """Our lines are whole lines, so that they can be taken out again as such."""
    rest = text[at + 1 :] if text[at : at + 1] == "\n" else text[at:]
    return f"{text[:at]}\n{snippet}{rest}"


def _lines(server: Directive, base: Path, header: Header) -> list[str]:
    """Over plain http browsers do not listen to the one, so they get the other."""
    name = variable(header.instance)
    clear = f"add_header Clear-Site-Data ${name}_clear always;"
    again = f"add_header Cache-Control ${name}_again always;"
    listens = [d for d in receiving(server, base) if d.name == "listen"]
    secured = [d for d in listens if "ssl" in d.args or "quic" in d.args]
    if header.secure or (secured and len(secured) == len(listens)):
        return [clear]
    return [clear, again] if secured else [again]


def _sets_headers(block: Directive, base: Path) -> bool:
    return any(d.name == "add_header" for d in expanded(block.block or (), base))


def _inner(block: Directive, base: Path) -> list[int]:
    """Where the locations begin that set headers of their own and so would hide ours."""
    found = []
    for inner in block.block or ():
        if inner.name in ("location", "if") and inner.block is not None:
            found += [inner.inside] if _sets_headers(inner, base) else []
            found += _inner(inner, base)
    return found


def _marked(header: Header, lines: list[str], margin: str) -> str:
    words = [f"{_BEGIN} until {header.last}; not sent any more after that day", *lines, _END]
    return "".join(f"{margin}{word}\n" for word in words)


def _map(header: Header) -> str:
    days = "|".join(
        (header.first + timedelta(days=number)).isoformat() for number in range((header.last - header.first).days + 1)
    )
    name = variable(header.instance)
    return _marked(
        header,
        [
            f"map $time_iso8601 ${name}_clear {{ default ''; '~^({days})' '\"cache\"'; }}",
            f"map $time_iso8601 ${name}_again {{ default ''; '~^({days})' 'no-cache, must-revalidate'; }}",
        ],
        "",
    )
