"""The SHA-256 of a file, read as a stream."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from smena.host.paths import encode
from smena.host.trouble import telling
from smena.text import _

_PIECE = 1024 * 1024


class Digest(NamedTuple):
    """What a file is, byte for byte."""

    hex: str
    size: int


def sha256(path: Path) -> Digest:
    """One pass, flat memory."""
    hasher, size = hashlib.sha256(), 0
    with telling(_("cannot read {path}", path=encode(path))), path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            hasher.update(piece)
            size += len(piece)
    return Digest(hasher.hexdigest(), size)


def of_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
