"""Presence: a signature over a fresh challenge, checked with the public key that the vendor signed.

A MAC or a stored file prove neither that the token is there nor that it is this one; the gate before an upgrade and a
licence service always ask like this.
"""

from __future__ import annotations

from smena.errors import KeyProofBad
from smena.keys.exchange import reading
from smena.keys.exchange.ports import Key
from smena.keys.exchange.reading import Held
from smena.keys.primitives import is_signed, random_bytes
from smena.text import _

_WORDS = b"smena challenge 1"
SIZE = 32


def present(key: Key) -> Held:
    """What the key holds, once the token proved that it is the one which it was made for.

    A blank key proves itself too: it is the token's own word that it is there.
    """
    held = reading.read(key)
    found = held.record.stored
    public = key.token.identity().public if found is None else found.public
    challenge = random_bytes(SIZE)
    if not is_proof(public, challenge, key.trust.realm, prove(key, challenge)):
        raise KeyProofBad(
            _("this token is not the one that the licence was made for"),
            hint=_("put the right token in, or ask the vendor to replace the key"),
        )
    return held


def prove(key: Key, challenge: bytes) -> bytes:
    """The token's signature over the challenge of somebody else."""
    return key.token.sign(_WORDS + key.trust.realm + challenge)


def is_proof(public: bytes, challenge: bytes, realm: bytes, signature: bytes) -> bool:
    return len(challenge) == SIZE and is_signed(public, signature, _WORDS, realm, challenge)
