"""What the rules need of a key: something that proves who it is, and a place for a few kilobytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import msgspec

from smena.keys.primitives import digest
from smena.keys.trust import Trust


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What a token says of itself. `agree` is empty where it answers no typed questions."""

    kind: str
    public: bytes
    agree: bytes = b""
    model: str = ""
    firmware: str = ""
    number: str = ""
    binding: bytes = b""
    """Two bytes for each part of the computer that a software key is bound to now."""

    @property
    def key_id(self) -> bytes:
        return key_id(self.public)


class Token(Protocol):
    """The private keys, which never leave it."""

    def identity(self) -> Identity: ...

    def sign(self, message: bytes) -> bytes:
        """64 bytes over the message."""

    def agree(self, public: bytes) -> bytes:
        """The secret shared with the holder of this public key."""


class StateStore(Protocol):
    """Where records lie: on the token, or in a folder beside it. Objects are made and destroyed, never changed."""

    def read(self) -> list[bytes]:
        """All that lie there, in any order, broken ones too."""

    def create(self, content: bytes) -> None:
        """Durable when it returns; `TokenFull` if there is no room, and then nothing was changed."""

    def destroy(self, content: bytes) -> None:
        """The object with this very content; a missing one is fine."""


@dataclass(frozen=True)
class Key:
    """A key in use: its token, where its record lies, and whom it believes."""

    token: Token
    store: StateStore
    trust: Trust


def key_id(public: bytes) -> bytes:
    """A key's short name, for people; signatures bind the full hash."""
    return digest(public)[:6]


def shown_id(short: bytes) -> str:
    """`1a2b-3c4d-5e6f`"""
    text = short.hex()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))
