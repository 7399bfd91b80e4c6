"""The bytes of a reparse point: what makes a folder a junction, and a file or folder a symbolic link.

Layout after eight bytes (tag, length, nothing): offsets and lengths of two names, for a link also its flags, then
the names in UTF-16. The first name is what the system follows, the second what people are shown. A junction always
holds a whole path, and leads to a volume where it is a mount point.
"""

from __future__ import annotations

import struct
from typing import Literal, NamedTuple

from smena.host.windows.long_paths import kernel, usual

JUNCTION = 0xA0000003
SYMBOLIC = 0xA000000C
_SURROGATE = 0x20000000
_RELATIVE = 1
_HEAD = struct.Struct("<LHH")
_NAMES = struct.Struct("<HHHH")
_FLAGS = struct.Struct("<L")
_VOLUME = "\\??\\volume{"

Kind = Literal["junction", "symbolic"]


class Point(NamedTuple):
    """A link: of which kind, what it leads to in the usual form, and whether that starts at the link's own folder."""

    kind: Kind
    target: str
    relative: bool = False


def stands_for_another(tag: int) -> bool:
    """Links do; files that are only stored in another way (deduplicated, offline) do not."""
    return bool(tag & _SURROGATE)


def is_junction(data: bytes) -> bool:
    """Or a mount point, which has the same tag."""
    return bool(_HEAD.unpack_from(data)[0] == JUNCTION)


def built(point: Point) -> bytes:
    """The bytes that make a link."""
    shown = point.target
    followed = shown if point.relative else kernel(shown)
    first, second = (text.encode("utf-16-le", "surrogatepass") for text in (followed, shown))
    names = _NAMES.pack(0, len(first), len(first) + 2, len(second))
    flags = b"" if point.kind == "junction" else _FLAGS.pack(_RELATIVE if point.relative else 0)
    body = names + flags + first + b"\0\0" + second + b"\0\0"
    return _HEAD.pack(JUNCTION if point.kind == "junction" else SYMBOLIC, len(body), 0) + body


def parsed(data: bytes) -> Point | None:
    """The link that these bytes make; None where they make none: a mount point, or something of another kind."""
    tag, length, _nothing = _HEAD.unpack_from(data)
    if tag not in (JUNCTION, SYMBOLIC):
        return None
    body = data[_HEAD.size : _HEAD.size + length]
    offset, size, _shown_at, _shown_size = _NAMES.unpack_from(body)
    names = _NAMES.size + (_FLAGS.size if tag == SYMBOLIC else 0)
    followed = body[names + offset : names + offset + size].decode("utf-16-le", "surrogatepass")
    if tag == JUNCTION:
        return None if followed.lower().startswith(_VOLUME) else Point("junction", usual(followed))
    relative = bool(_FLAGS.unpack_from(body, _NAMES.size)[0] & _RELATIVE)
    return Point("symbolic", followed if relative else usual(followed), relative)
