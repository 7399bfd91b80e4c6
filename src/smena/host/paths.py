"""The one escaped form of a path, for JSON, SQLite and messages.

A file name on Linux is bytes and on Windows 16-bit units: neither has to be valid text,
and JSON and SQLite accept only valid text. So every surrogate (that is how Python carries
what it could not decode) is written as `␛` and four hex digits, and a real `␛` as `␛␛`.
Every other name stays as it is. The form is UTF-8's view of the name, whatever the locale:
a journal written under one locale names the same file under another.

This is also the one border between the paths of plans and those of this host: where drives are mapped
(`host.drives`), `decode` turns a Windows path into this host's, and `encode` back.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from smena.host.drives import to_host, to_windows

_ESCAPE = "\u241b"
_TO_ESCAPE = re.compile(f"[\ud800-\udfff{_ESCAPE}]")
_ESCAPED = re.compile(f"{_ESCAPE}({_ESCAPE}|d[89a-f][0-9a-f]{{2}})")


def encode(path: str | os.PathLike[str]) -> str:
    """The path as valid text, from which `decode` makes the very same path again."""
    text = to_windows(os.fspath(path))
    return text if text.isascii() else _TO_ESCAPE.sub(_escape, _as_utf8(text))


def decode(text: str) -> str:
    """The path that `encode` was given."""
    return to_host(text if text.isascii() else _as_locale(_ESCAPED.sub(_restore, text)))


def followed(path: Path) -> Path:
    """The path without links, as far as it can be followed. `Path.resolve` dies of links that go in a circle."""
    return Path(os.path.realpath(path))


def _escape(found: re.Match[str]) -> str:
    sign = found.group()
    return _ESCAPE + (_ESCAPE if sign == _ESCAPE else f"{ord(sign):04x}")


def _restore(found: re.Match[str]) -> str:
    form = found.group(1)
    return _ESCAPE if form == _ESCAPE else chr(int(form, 16))


def _as_utf8(path: str) -> str:
    if _speaks_utf8():
        return path
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def _as_locale(path: str) -> str:
    if _speaks_utf8():
        return path
    return os.fsdecode(path.encode("utf-8", "surrogateescape"))


def _speaks_utf8() -> bool:
    return sys.getfilesystemencoding() == "utf-8"
