"""The digest of a tree: what "byte-equal" means, and what tells which files differ.

Of every entry: path, kind, mode, owner, link target or content; times only where asked for. Sockets and pipes
count by their presence. Two trees are equal when their digests are; the listings of both, where kept, tell
what was added, changed and removed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import msgspec

from smena.host import listing
from smena.host.copy.state import FILE, LINK, kind_of
from smena.host.paths import encode
from smena.host.patterns import Matcher, nothing
from smena.host.trouble import telling
from smena.host.walk import Found, Left, walk
from smena.text import _

_PIECE = 1024 * 1024
_DIGEST = 32


class Leaf(msgspec.Struct, frozen=True, array_like=True):
    """One entry. `proof` is the digest of a file's content, or a link's target; `mtime` is 0 unless asked for."""

    path: str
    kind: str
    mode: int
    uid: int
    gid: int
    size: int
    proof: str
    mtime: int = 0


class Fingerprint(msgspec.Struct, frozen=True):
    """A whole tree in one line."""

    digest: str
    files: int
    bytes: int


class Difference(msgspec.Struct, frozen=True):
    """How one path differs: "added", "changed" or "removed"."""

    path: str
    what: str


def leaves(root: Path, leave_out: Matcher = nothing, *, times: bool = False) -> Iterator[Leaf]:
    """Every entry of the tree, in the order of the walk."""
    for seen in walk(root, leave_out):
        if not isinstance(seen, Left):
            with telling(_("cannot read {path}", path=encode(seen.parent.path / seen.name))):
                leaf = _leaf(seen, times)
            yield leaf


def take(root: Path, leave_out: Matcher = nothing, *, times: bool = False, record: Path | None = None) -> Fingerprint:
    """The fingerprint of a tree; with `record`, its listing is kept there for a later comparison."""
    digest = hashlib.blake2b(digest_size=_DIGEST)
    encoder = msgspec.json.Encoder()
    files = size = 0
    with listing.written(record) if record else nullcontext(_forget) as write:
        for leaf in leaves(root, leave_out, times=times):
            digest.update(encoder.encode(leaf) + b"\n")
            files += leaf.kind == FILE
            size += leaf.size
            write(leaf)
    return Fingerprint(digest.hexdigest(), files, size)


def compare(old: Path, new: Path) -> Iterator[Difference]:
    """What differs between two kept listings."""
    for before, after in listing.paired(listing.read(old, Leaf), listing.read(new, Leaf)):
        if before is None and after is not None:
            yield Difference(after.path, "added")
        elif before is not None and after is None:
            yield Difference(before.path, "removed")
        elif before is not None and before != after:
            yield Difference(before.path, "changed")


def content_digest(descriptor: int) -> str:
    """Of everything in an open file."""
    digest = hashlib.blake2b(digest_size=_DIGEST)
    while piece := os.read(descriptor, _PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _leaf(found: Found, times: bool) -> Leaf:
    info, kind = found.stat, kind_of(found.stat)
    mtime = info.st_mtime_ns if times else 0
    mode = 0 if kind == LINK else info.st_mode & 0o7777
    size = info.st_size if kind == FILE else 0
    return Leaf(encode(found.path), kind, mode, info.st_uid, info.st_gid, size, _proof(found, kind), mtime)


def _proof(found: Found, kind: str) -> str:
    if kind == LINK:
        return encode(found.parent.link_target(found.name))
    if kind != FILE:
        return ""
    descriptor = found.parent.open(found.name)
    try:
        return content_digest(descriptor)
    finally:
        os.close(descriptor)


def _forget(_entry: object) -> None:
    """Where no listing is wanted."""
