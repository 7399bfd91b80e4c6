"""What lies in a folder beside a key: whom the key belongs to, and the newest trust list that was seen.

The list is written before the anchor that remembers it, so a death between leaves a list that is newer than the anchor:
that is accepted again at the next look.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena import faults
from smena.errors import KeyRecordBad
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import packing, trust
from smena.keys.trust import Anchor, Trust
from smena.text import _

_LIST, _ANCHOR = "trust", "anchor.json"


def begin(folder: Path, anchor: Anchor, data: bytes) -> Trust:
    """The first list of a key: the realm comes from whoever makes the key, such as a product's definition."""
    found = trust.accept(anchor, data)
    files.make_folder(folder)
    _keep(folder, found, data)
    return found


def read(folder: Path) -> Trust:
    """The list that is in use."""
    path = folder / _ANCHOR
    with telling(_("cannot read {path}", path=encode(path))):
        content, data = path.read_bytes(), (folder / _LIST).read_bytes()
    anchor = packing.read(content, Anchor)
    if anchor is None:
        raise KeyRecordBad(_("{path} is damaged", path=encode(path)))
    found = trust.accept(anchor, data)
    if found.anchor != anchor:
        _remember(folder, found)
    return found


def content(folder: Path) -> bytes:
    """The list that is in use, as it was signed: to be sent along."""
    path = folder / _LIST
    with telling(_("cannot read {path}", path=encode(path))):
        return path.read_bytes()


def take(folder: Path, data: bytes) -> Trust:
    """A list that came with a definition, a release or an answer: kept if it is newer than the one in use."""
    known = read(folder)
    found = trust.newer(known, data)
    if found != known:
        _keep(folder, found, data)
    return found


def _keep(folder: Path, found: Trust, data: bytes) -> None:
    files.write_file(folder / _LIST, data, attributes.own(0o644))
    faults.point("keys.list-written")
    _remember(folder, found)


def _remember(folder: Path, found: Trust) -> None:
    files.write_file(folder / _ANCHOR, msgspec.json.encode(found.anchor), attributes.own(0o644))
