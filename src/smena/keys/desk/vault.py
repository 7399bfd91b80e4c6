"""Files with one secret key each: of the root, an issuer, an exchange key, a person.

Only their owner can read them. With a passphrase the secret is wrapped under it (scrypt, AES key wrap); without one the
file is the secret. Nothing here ever puts a secret into a message.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from smena.errors import AccessDenied, DeskThere, FileMissing, PassphraseWrong, SeedBad
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.keys import packing
from smena.keys.primitives import new_seed, public_of, random_bytes
from smena.text import _

Purpose = Literal["root", "issuer", "exchange", "person"]
Passphrase = Callable[[], str]
"""Asked for only when a file is protected."""


class Kept(msgspec.Struct, frozen=True):
    """The file. `salt` is empty where there is no passphrase."""

    smena: Purpose
    public: bytes
    secret: bytes
    salt: bytes = b""

    def __repr__(self) -> str:
        return f"Kept({self.smena})"


def make(path: Path, purpose: Purpose, passphrase: str = "") -> bytes:
    """A new secret key in a new file; returns its seed. A file that is there is never replaced."""
    if path.exists():
        raise DeskThere(
            _("there is a file {path} already", path=encode(path)),
            state=_("nothing was changed"),
            hint=_("name another file"),
        )
    seed, salt = new_seed(), random_bytes(16) if passphrase else b""
    secret = _wrapped(seed, passphrase, salt) if passphrase else seed
    kept = Kept(purpose, public_of(seed), secret, salt)
    files.write_file(path, msgspec.json.encode(kept) + b"\n", attributes.own(0o600))
    return seed


def read(path: Path, purpose: Purpose, passphrase: Passphrase) -> bytes:
    """The seed. A file that others can read is refused: then it is no secret any more."""
    kept = look(path, purpose)
    with telling(_("cannot read {path}", path=encode(path))):
        private = attributes.is_private(str(path))
    if not private:
        raise AccessDenied(
            _("others can read the secret key in {path}", path=encode(path)),
            hint=_("give the file to yourself alone: chmod 600 {path}", path=encode(path)),
        )
    seed = _unwrapped(kept, passphrase()) if kept.salt else kept.secret
    if seed is None:
        raise PassphraseWrong(_("this passphrase does not open {path}", path=encode(path)))
    if len(seed) != 32 or public_of(seed) != kept.public:
        raise _damaged(path)
    return seed


def look(path: Path, purpose: Purpose) -> Kept:
    """What a file says of itself, without opening it."""
    if not path.exists():
        raise FileMissing(_("there is no file {path}", path=encode(path)), hint=_("name the file with the secret key"))
    with telling(_("cannot read {path}", path=encode(path))):
        content = path.read_bytes()
    kept = packing.read(content, Kept)
    if kept is None:
        raise _damaged(path)
    if kept.smena != purpose:
        raise SeedBad(
            _("{path} holds a secret key for another purpose", path=encode(path)),
            why=[_("it is for: {found}; needed is: {wanted}", found=kept.smena, wanted=purpose)],
        )
    return kept


def _damaged(path: Path) -> SeedBad:
    return SeedBad(_("{path} is not a file with a secret key of smena, or it is damaged", path=encode(path)))


def _wrapped(seed: bytes, passphrase: str, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap

    return aes_key_wrap(_stretched(passphrase, salt), seed)


def _unwrapped(kept: Kept, passphrase: str) -> bytes | None:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

    try:
        return aes_key_unwrap(_stretched(passphrase, kept.salt), kept.secret)
    except (InvalidUnwrap, ValueError):
        return None


def _stretched(passphrase: str, salt: bytes) -> bytes:
    word = passphrase.encode("utf-8", "surrogateescape")
    return hashlib.scrypt(word, salt=salt, n=2**15, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32)
