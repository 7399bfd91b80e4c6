"""Binding a secret to a computer: three of its five parts give it back, and fewer tell nothing.

The secret is wrapped once for every three parts. Each part's name is stretched with scrypt under one random salt; the
three together give the wrapping key. There is no check of a single part, so nobody can guess them one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations

import msgspec

from smena.errors import ComputerChanged, ComputerUnfit
from smena.host.facts.computer import PARTS
from smena.keys.parts import NEEDED, Parts
from smena.keys.primitives import derived, random_bytes
from smena.text import Text, _

_WORDS = b"smena binding 1"


class Bound(msgspec.Struct, frozen=True):
    """A wrapped secret. `wraps`: for every three parts, as `machine board disk`."""

    salt: bytes
    wraps: dict[str, bytes]


class Unbound(msgspec.Struct, frozen=True):
    """The secret, and what became of the parts that it was bound to."""

    secret: bytes
    same: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def warning(self) -> Text | None:
        """Said in time: with fewer than three parts the key could not even ask any more."""
        if not self.changed or len(self.same) > NEEDED:
            return None
        return _(
            "{changed} changed since the key was bound; one more part changes and it must be bound anew",
            changed=words(self.changed),
        )


def bind(secret: bytes, parts: Parts) -> Bound:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    if len(parts) < NEEDED:
        raise ComputerUnfit(
            _("a key cannot be bound to this computer"),
            why=[_("only these parts have a name of their own: {parts}", parts=words(tuple(parts)))],
            hint=_("use a token instead; as root more parts can be read"),
        )
    salt = random_bytes(16)
    stretched = _stretched(parts, salt)
    wraps = {name: aes_key_wrap(key, secret) for name, key in _threes(stretched, salt)}
    return Bound(salt, wraps)


def unbind(bound: Bound, parts: Parts) -> Unbound:
    """The secret, if three parts are as they were."""
    opened = dict(_opened(bound, parts))
    known = {part for name in bound.wraps for part in name.split()}
    same = {part for name in opened for part in name.split()}
    if not opened:
        raise ComputerChanged(
            _("this key was bound to another computer, or too many parts of this one changed"),
            why=[_("three of these parts have to be as they were: {parts}", parts=words(_ordered(known)))],
            hint=_("ask the vendor to replace the key"),
        )
    return Unbound(next(iter(opened.values())), _ordered(same), _ordered(known - same))


def words(parts: tuple[str, ...]) -> Text:
    """Parts in words, as a list."""
    if not parts:
        return _("none")
    first, *rest = parts
    return _("{one}, {more}", one=_NAMES[first], more=words(tuple(rest))) if rest else _NAMES[first]


_NAMES = {
    "machine": _("the system's identity"),
    "board": _("the main board"),
    "disk": _("the disk"),
    "network": _("the network card"),
    "firmware": _("the firmware"),
}


def _opened(bound: Bound, parts: Parts) -> Iterator[tuple[str, bytes]]:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    for name, key in _threes(_stretched(parts, bound.salt), bound.salt):
        if name in bound.wraps:
            try:
                yield name, aes_key_unwrap(key, bound.wraps[name])
            except InvalidUnwrap:
                continue


def _stretched(parts: Parts, salt: bytes) -> dict[str, bytes]:
    return {part: _scrypt(part, parts[part], salt) for part in PARTS if part in parts}


@lru_cache(maxsize=16)
def _scrypt(part: str, name: str, salt: bytes) -> bytes:
    """Slow on purpose, for those who guess. Remembered, for this computer opens its key several times in a call."""
    word = f"{part}\0{name}".encode("utf-8", "surrogateescape")
    return hashlib.scrypt(word, salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32)


def _threes(stretched: Mapping[str, bytes], salt: bytes) -> Iterator[tuple[str, bytes]]:
    for three in combinations(stretched, NEEDED):
        name = " ".join(three)
        together = b"".join(stretched[part] for part in three)
        yield name, derived(together, _WORDS + name.encode("ascii"), salt)


def _ordered(parts: set[str]) -> tuple[str, ...]:
    return tuple(part for part in PARTS if part in parts)
