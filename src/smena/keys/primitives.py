"""The few things that are done with secrets and signatures, each with one name.

Public keys are known by their length: 32 bytes are Ed25519 (or X25519, where two keys agree), 33 a compressed point on
P-256. Signatures are 64 bytes of either kind. Everything signed begins with words that say what it is, so that
no signature can stand for another thing. The library is imported late: the command line must start at once.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

CURVE_POINT = 33
EDWARDS = 32

Signer = Callable[..., bytes]
"""Signs the parts that it is given, joined."""


def digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def same(one: bytes, other: bytes) -> bool:
    """Compared in a time that tells nothing."""
    return hmac.compare_digest(one, other)


def random_bytes(size: int) -> bytes:
    return os.urandom(size)


def new_seed() -> bytes:
    return os.urandom(32)


def mac(key: bytes, *parts: bytes, size: int) -> bytes:
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()[:size]


def derived(secret: bytes, info: bytes, salt: bytes | None = None) -> bytes:
    """32 bytes that follow from a secret and from what they are for."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(secret)


# --- signatures -------------------------------------------------------------------------


def public_of(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, *parts: bytes) -> bytes:
    """Ed25519."""
    return signer(seed)(*parts)


def signer(seed: bytes) -> Signer:
    """For many signatures with one seed: making the key of it takes as long as a signature."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    return lambda *parts: key.sign(b"".join(parts))


def is_signed(public: bytes, signature: bytes, *parts: bytes) -> bool:
    """Whether the holder of this public key signed these parts; never an error, whatever the bytes are."""
    from cryptography.exceptions import InvalidSignature

    try:
        if len(public) == CURVE_POINT:
            _verify_curve(public, signature, b"".join(parts))
        else:
            _verify_edwards(public, signature, b"".join(parts))
    except (InvalidSignature, ValueError):
        return False
    return True


def _verify_edwards(public: bytes, signature: bytes, message: bytes) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)


def _verify_curve(public: bytes, signature: bytes, message: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    if len(signature) != 64:
        raise ValueError
    numbers = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    key.verify(encode_dss_signature(*numbers), message, ec.ECDSA(hashes.SHA256()))


# --- agreeing on a secret ------------------------------------------------------------------


def agree_public_of(seed: bytes) -> bytes:
    """The X25519 public key of a seed."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def curve_public_of(seed: bytes) -> bytes:
    """The P-256 public key of a seed: exchange keys have both kinds, since a token can do one of them only."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return _curve_key(seed).public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def agreed(seed: bytes, public: bytes) -> bytes | None:
    """The secret shared with the holder of `public`, of whichever kind that is; None where there can be none."""
    from cryptography.hazmat.primitives.asymmetric import ec, x25519

    try:
        if len(public) == CURVE_POINT:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
            return _curve_key(seed).exchange(ec.ECDH(), point)
        other = x25519.X25519PublicKey.from_public_bytes(public)
        return x25519.X25519PrivateKey.from_private_bytes(seed).exchange(other)
    except ValueError:
        return None


def compressed(point: bytes) -> bytes:
    """A point on P-256 in 33 bytes, of either form."""
    return _point(point, short=True)


def uncompressed(point: bytes) -> bytes:
    """In 65 bytes, as tokens want it."""
    return _point(point, short=False)


def _point(point: bytes, *, short: bool) -> bytes:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = PublicFormat.CompressedPoint if short else PublicFormat.UncompressedPoint
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    return key.public_bytes(Encoding.X962, form)


def _curve_key(seed: bytes) -> EllipticCurvePrivateKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    number = int.from_bytes(derived(seed, b"smena exchange point 1"), "big") % (order - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
