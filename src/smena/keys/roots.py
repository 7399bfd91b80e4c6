"""The vendor's roots: the first one names the realm, each later one is signed by the one before.

A realm is the SHA-256 of its first root's public key, so whoever knows the realm needs to be told nothing else: the
chain travels with whatever it proves.
"""

from __future__ import annotations

import msgspec

from smena.errors import TrustBad
from smena.keys.primitives import digest, is_signed, sign
from smena.text import _

_WORDS = b"smena root 1"


class Root(msgspec.Struct, frozen=True, array_like=True):
    """One root. `signature` is of the root before it; the first has none."""

    public: bytes
    signature: bytes = b""


Chain = tuple[Root, ...]


def first(public: bytes) -> Chain:
    return (Root(public),)


def realm_of(chain: Chain) -> bytes:
    return digest(chain[0].public)


def succeed(chain: Chain, seed: bytes, public: bytes) -> Chain:
    """The chain with its next root, signed with the present one's seed."""
    return (*chain, Root(public, sign(seed, *_parts(realm_of(chain), len(chain), public))))


def proven(chain: Chain, realm: bytes) -> Chain:
    """The chain itself, if it begins with the realm's root and no link is missing."""
    if not chain or realm_of(chain) != realm:
        raise TrustBad(_("this is not signed by the vendor of this key"))
    for place in range(1, len(chain)):
        link = chain[place]
        if not is_signed(chain[place - 1].public, link.signature, *_parts(realm, place, link.public)):
            raise TrustBad(_("the vendor's root keys do not follow one another"))
    return chain


def _parts(realm: bytes, place: int, public: bytes) -> tuple[bytes, ...]:
    return _WORDS, realm, bytes([place]), public
