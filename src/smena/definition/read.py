"""One reader for each kind of single value: text as written in, the typed value out, or `Wrong`.

A reader judges form only. Whether a version is one under the product's scheme, or a
look-up exists, needs the whole definition and is judged in `check.py`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any

from smena.definition import scalars
from smena.definition.mistake import Wrong, short
from smena.text import Text, _, plain

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
_WORD = re.compile(r"[^\s]{1,200}\Z")
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+\Z")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
_URL = re.compile(r"(?:https?://|\$\{)\S+\Z")
_INTEGER = re.compile(r"-?[0-9]{1,15}\Z")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?\Z")
_AMOUNT = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([A-Za-z]*)\Z")
_ENCODING = re.compile(r"[A-Za-z0-9_-]{1,40}\Z")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
_FLAGS = {"yes": True, "true": True, "no": False, "false": False}

REGEX_LENGTH = 500
RANGE_LENGTH = 500


def text(written: str) -> str:
    return written


def identifier(written: str) -> str:
    if ID.match(written) and len(written) <= 64:
        return written
    raise Wrong(_("{text} is not a name: lower-case letters, digits and hyphens", text=_quoted(written)), _id(written))


def _id(written: str) -> Text | None:
    likely = re.sub(r"[^a-z0-9]+", "-", written[:64].lower()).strip("-")
    return plain(likely) if likely else None


def flag(written: str) -> bool:
    found = _FLAGS.get(written)
    if found is None:
        raise Wrong(_("{text} is neither yes nor no", text=_quoted(written)), plain("yes, no"))
    return found


def integer(written: str) -> int:
    if not _INTEGER.match(written):
        raise Wrong(_("{text} is not a whole number", text=_quoted(written)))
    return int(written)


def number(written: str) -> str:
    """A number as a person writes it; it stays text."""
    return _matching(_NUMBER, written, _("{text} is not a number", text=_quoted(written)))


def version(written: str) -> str:
    return _matching(_WORD, written, _("{text} is not a version", text=_quoted(written)), plain("4.7.2"))


def versions(written: str) -> str:
    """Read under the product's scheme later; the bound keeps lists of ranges cheap."""
    if len(written) > RANGE_LENGTH:
        raise Wrong(_("a range of more than {limit} characters", limit=RANGE_LENGTH))
    return filled(written)


def filled(written: str) -> str:
    """Text that would mean nothing if it were empty."""
    if not written.strip():
        raise Wrong(_("is empty"))
    return written


def path(written: str) -> str:
    filled(written)
    if ".." in re.split(r"[/\\]", written):
        raise Wrong(_("a path must not climb with ..: {text}", text=_quoted(written)))
    return written


def url(written: str) -> str:
    what = _("{text} is not an address", text=_quoted(written))
    return _matching(_URL, written, what, plain("http://…"))


def regex(written: str) -> str:
    """Compiled later, all together: see `check.py`."""
    if len(written) > REGEX_LENGTH:
        raise Wrong(_("a regular expression of more than {limit} characters", limit=REGEX_LENGTH))
    return filled(written)


def seconds(written: str) -> float:
    return _amount(written, _SECONDS, _("{text} is not a duration", text=_quoted(written)), plain("30s, 5m, 2h, 1d"))


def size(written: str) -> int:
    what = _("{text} is not a size", text=_quoted(written))
    return int(_amount(written, _BYTES, what, plain("500 KB, 16 MB, 2 GB")))


def port(written: str) -> int:
    if not _INTEGER.match(written) or not 1 <= int(written) <= 65535:
        raise Wrong(_("{text} is not a port", text=_quoted(written)), plain("1–65535"))
    return int(written)


def hostname(written: str) -> str:
    return _matching(_HOST, written, _("{text} is not a host's name", text=_quoted(written)))


def email(written: str) -> str:
    what = _("{text} is not an e-mail address", text=_quoted(written))
    return _matching(_EMAIL, written, what, plain("name@example.org"))


def encoding(written: str) -> str:
    what = _("{text} is not an encoding of text", text=_quoted(written))
    _matching(_ENCODING, written, what, plain("utf-8, cp1251"))
    try:
        codecs.lookup(written)
        "".encode(written)  # `hex` and its like are found too, but are no encodings of text
    except (LookupError, UnicodeError) as error:
        raise Wrong(what, plain("utf-8, cp1251")) from error
    return written


def file_pattern(written: str) -> str:
    filled(written)
    if "/" in written or "\\" in written or written == "..":
        raise Wrong(_("a package's file name has no folders in it: {text}", text=_quoted(written)))
    for found in _PLACEHOLDER.findall(written):
        if found != "{version}":
            what = _(
                "a package's file name may have {version} and * in it, not {text}", version="{version}", text=found
            )
            raise Wrong(what, plain("{version}"))
    return written


READERS: dict[Any, Callable[[str], Any]] = {
    str: text,
    bool: flag,
    int: integer,
    scalars.Id: identifier,
    scalars.Version: version,
    scalars.Range: versions,
    scalars.Template: text,
    scalars.PathTemplate: path,
    scalars.Argument: text,
    scalars.Url: url,
    scalars.Glob: path,
    scalars.Regex: regex,
    scalars.KeyPath: filled,
    scalars.Seconds: seconds,
    scalars.Bytes: size,
    scalars.Port: port,
    scalars.Hostname: hostname,
    scalars.Email: email,
    scalars.Encoding: encoding,
    scalars.FilePattern: file_pattern,
}

BLANKS: dict[Any, Any] = {bool: False, int: 0, scalars.Port: 0, scalars.Seconds: 0.0, scalars.Bytes: 0}
"""What stands in for a value that was wrong, so that reading can go on; texts are blank with `""`."""


def _matching(pattern: re.Pattern[str], written: str, what: Text, right: Text | None = None) -> str:
    if not pattern.match(written):
        raise Wrong(what, right)
    return written


def _amount(written: str, units: dict[str, int], what: Text, right: Text) -> float:
    found = _AMOUNT.match(written)
    if found is None or found[2] not in units:
        raise Wrong(what, right)
    return float(found[1]) * units[found[2]]


def _quoted(written: str) -> str:
    return f"“{short(written)}”"
