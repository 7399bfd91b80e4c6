"""An issuer's certificate: which products it may sign licences for, and when; signed by one of the vendor's roots."""

from __future__ import annotations

import msgspec

from smena.errors import TrustBad
from smena.keys.packing import unpacked
from smena.keys.primitives import is_signed, sign
from smena.keys.roots import Chain
from smena.text import _

_WORDS = b"smena issuer 1"
LAST = 255
"""Issuers are numbered in one byte."""


class Certificate(msgspec.Struct, frozen=True, array_like=True):
    """`start` and `until` in hours; `root` is the place in the chain of the root that signed."""

    number: int
    public: bytes
    start: int
    until: int
    products: tuple[str, ...]
    root: int = 0
    signature: bytes = b""

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)


def certify(certificate: Certificate, realm: bytes, seed: bytes) -> Certificate:
    """The certificate signed with the seed of the root that it names."""
    return msgspec.structs.replace(certificate, signature=sign(seed, *_parts(certificate, realm)))


def decode(data: bytes) -> Certificate:
    found = unpacked(data, Certificate)
    if found is None:
        raise TrustBad(_("an issuer's certificate is damaged"))
    return found


def proven(certificate: Certificate, realm: bytes, chain: Chain) -> Certificate:
    """The certificate itself, if the root that it names signed it. The chain was proven before."""
    if certificate.root >= len(chain) or not is_signed(
        chain[certificate.root].public, certificate.signature, *_parts(certificate, realm)
    ):
        raise TrustBad(_("the certificate of issuer {number} is not signed by the vendor", number=certificate.number))
    return certificate


def _parts(certificate: Certificate, realm: bytes) -> tuple[bytes, ...]:
    return _WORDS, realm, msgspec.structs.replace(certificate, signature=b"").encode()
