"""A token whose private keys are two seeds in memory: what virtual and software keys are, once they are opened."""

from __future__ import annotations

from smena.errors import TokenFailed
from smena.keys.exchange.ports import Identity
from smena.keys.primitives import agree_public_of, agreed, public_of, sign
from smena.text import _


class SeedToken:
    """Implements `Token`: Ed25519 for signatures, X25519 for typed questions."""

    def __init__(self, kind: str, seeds: bytes, *, model: str = "", binding: bytes = b"") -> None:
        self._sign, self._agree = seeds[:32], seeds[32:]
        self._identity = Identity(
            kind=kind,
            public=public_of(self._sign),
            agree=agree_public_of(self._agree),
            model=model,
            binding=binding,
        )

    def identity(self) -> Identity:
        return self._identity

    def sign(self, message: bytes) -> bytes:
        return sign(self._sign, message)

    def agree(self, public: bytes) -> bytes:
        found = agreed(self._agree, public)
        if found is None:
            raise TokenFailed(_("the exchange key of the vendor cannot be used"))
        return found
