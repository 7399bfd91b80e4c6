"""What the proofs of questions and confirmations are over, and how each side makes or checks them.

A MAC proves that somebody knows the secret that token and vendor share, and whoever has the PIN can read that out
once; a signature proves that the token itself is there.
"""

from __future__ import annotations

from smena.keys.codec.messages import CONFIRMATION_MAC, QUESTION_MAC, Confirmation, Question
from smena.keys.exchange.ports import Identity, Token
from smena.keys.primitives import agreed, derived, digest, is_signed, mac, same
from smena.keys.trust import Trust

_QUESTION = b"smena question 1"
_CONFIRMATION = b"smena confirmation 1"
_EXCHANGE = b"smena exchange 1"


def question_parts(realm: bytes, question: Question) -> tuple[bytes, ...]:
    return _QUESTION, realm, question.body()


def confirmation_parts(realm: bytes, said: Confirmation, answer: bytes, state: bytes) -> tuple[bytes, ...]:
    """`answer` and `state` are hashes."""
    return _CONFIRMATION, realm, said.body(), answer, state


def exchange_secret(secret: bytes, realm: bytes, public: bytes) -> bytes:
    """The MAC's key, of the secret that was agreed on."""
    return derived(secret, _EXCHANGE + realm + digest(public))


def token_secret(token: Token, who: Identity, trust: Trust, now: int) -> tuple[int, bytes] | None:
    """The number of the exchange key and the MAC's key; None where typed forms cannot be made."""
    exchange = trust.exchange_key(who.agree, now) if who.agree else None
    if exchange is None:
        return None
    return exchange.number, exchange_secret(token.agree(exchange.fit_for(who.agree)), trust.realm, who.public)


def is_question_of(question: Question, realm: bytes, public: bytes, agree: bytes, seed: bytes | None) -> bool:
    """Whether the holder of this key asks. `seed` is the exchange key's, needed for the typed form only."""
    parts = question_parts(realm, question)
    if question.signed:
        return is_signed(public, question.proof, *parts)
    return _is_mac(question.proof, parts, QUESTION_MAC, vendor_secret(seed, agree, realm, public))


def is_confirmation_of(said: Confirmation, parts: tuple[bytes, ...], public: bytes, secret: bytes | None) -> bool:
    if said.signed:
        return is_signed(public, said.proof, *parts)
    return _is_mac(said.proof, parts, CONFIRMATION_MAC, secret)


def vendor_secret(seed: bytes | None, agree: bytes, realm: bytes, public: bytes) -> bytes | None:
    """The same MAC key, at the vendor's; None without an exchange key, or where the token cannot agree."""
    secret = agreed(seed, agree) if seed and agree else None
    return None if secret is None else exchange_secret(secret, realm, public)


def _is_mac(proof: bytes, parts: tuple[bytes, ...], size: int, secret: bytes | None) -> bool:
    return secret is not None and same(proof, mac(secret, *parts, size=size))
