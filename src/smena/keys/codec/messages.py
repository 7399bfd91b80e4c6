"""The messages as bytes. Each begins with its format and kind; sizes are small because people type them.

    question      kind 1 · op and exchange key 1 · key 6 · epoch 3 · nonce 8 · state 4 · hours 3 [· binding 10] · proof
    answer        kind 1 · issuer 1 · serial 3 · hours 3 · patch · signature 64
    confirmation  kind 1 · epoch 3 · result 1 · state 4 · proof
    enrolment     kind 1 · signature 64 · what the key says of itself, as JSON

A question's proof is a MAC of 10 bytes (typed form, exchange key 1 to 31) or a signature of 64 (signed form, exchange
key 0); a confirmation's is 8 or 64. Numbers are big-endian. Hours are counted from 1970, in UTC.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import ClassVar, TypeVar

import msgspec

from smena.errors import MessageBad
from smena.keys import packing
from smena.text import Text, _

FORMAT = 1
SIGNATURE = 64
QUESTION_MAC, CONFIRMATION_MAC = 10, 8
BINDING = 10
"""Two bytes for each of the five parts of a computer."""
LAST_EPOCH = 2**24 - 1
LAST_EXCHANGE = 31


class Kind(IntEnum):
    """What a message is."""

    QUESTION = 1
    ANSWER = 2
    CONFIRMATION = 3
    ENROLMENT = 4


class Op(IntEnum):
    """What a question asks for."""

    UPDATE = 1
    RETURN = 2
    REBIND = 3


class Result(IntEnum):
    """What became of an answer. Only what was applied is confirmed; the number leaves room for more."""

    APPLIED = 1


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """The key asks. `state` is the beginning of the SHA-256 of the state it holds; `binding` comes with REBIND only."""

    op: Op
    exchange: int = 0
    key: bytes
    epoch: int
    nonce: bytes
    state: bytes
    hours: int
    binding: bytes = b""
    proof: bytes = b""

    @property
    def signed(self) -> bool:
        return self.exchange == 0

    def body(self) -> bytes:
        """What the proof is over."""
        op = bytes([self.op << 5 | self.exchange])
        numbers = self.epoch.to_bytes(3, "big") + self.nonce + self.state + self.hours.to_bytes(3, "big")
        return _first(Kind.QUESTION) + op + self.key + numbers + self.binding

    def encode(self) -> bytes:
        return self.body() + self.proof


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The vendor answers. The patch holds absolute values, never increments."""

    issuer: int
    serial: int
    hours: int
    patch: bytes
    signature: bytes = b""

    HEADER: ClassVar[int] = 8

    def header(self) -> bytes:
        numbers = bytes([self.issuer]) + self.serial.to_bytes(3, "big") + self.hours.to_bytes(3, "big")
        return _first(Kind.ANSWER) + numbers

    def encode(self) -> bytes:
        return self.header() + self.patch + self.signature


class Confirmation(msgspec.Struct, frozen=True, kw_only=True):
    """The key tells what it holds now."""

    epoch: int
    result: Result
    state: bytes
    proof: bytes = b""

    @property
    def signed(self) -> bool:
        return len(self.proof) == SIGNATURE

    def body(self) -> bytes:
        return _first(Kind.CONFIRMATION) + self.epoch.to_bytes(3, "big") + bytes([self.result]) + self.state

    def encode(self) -> bytes:
        return self.body() + self.proof


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """A key introduces itself, once, as a file: its public keys and what it says of its making."""

    realm: bytes
    kind: str
    public: bytes
    agree: bytes = b""
    model: str = ""
    firmware: str = ""
    number: str = ""
    """The token's own serial number."""
    order: str = ""
    """The serial number of what was bought, where the customer has one."""
    binding: bytes = b""
    hours: int = 0
    proof: bytes = b""

    def body(self) -> bytes:
        return _first(Kind.ENROLMENT) + msgspec.json.encode(msgspec.structs.replace(self, proof=b""))

    def encode(self) -> bytes:
        body = self.body()
        return body[:1] + self.proof + body[1:]


Message = Question | Answer | Confirmation | Enrolment

_M = TypeVar("_M", Question, Answer, Confirmation, Enrolment)


def decode(data: bytes) -> Message:
    """The message in these bytes. Whether it is genuine is another question."""
    if not data or data[0] >> 4 != FORMAT:
        raise MessageBad(
            _("this is no message of a licence key that this smena knows"),
            hint=_("it may come from a newer smena; look for an update"),
        )
    reader = _READERS.get(data[0] & 15)
    found = reader(data) if reader else None
    if found is None:
        raise MessageBad(_("this message of a licence key is incomplete, or holds more than it may"))
    return found


def decode_question(data: bytes) -> Question:
    return _expected(decode(data), Question, _("this is not a question of a key"))


def decode_answer(data: bytes) -> Answer:
    return _expected(decode(data), Answer, _("this is not an answer for a key"))


def decode_confirmation(data: bytes) -> Confirmation:
    return _expected(decode(data), Confirmation, _("this is not a confirmation of a key"))


def decode_enrolment(data: bytes) -> Enrolment:
    return _expected(decode(data), Enrolment, _("this is not the enrolment of a key"))


def named(message: Message) -> Text:
    """The message's kind in words."""
    words = {
        Question: _("question"),
        Answer: _("answer"),
        Confirmation: _("confirmation"),
        Enrolment: _("enrolment"),
    }
    return words[type(message)]


def _expected(message: Message, kind: type[_M], refusal: Text) -> _M:
    if isinstance(message, kind):
        return message
    raise MessageBad(refusal, why=[_("it is this: {kind}", kind=named(message))])


def _first(kind: Kind) -> bytes:
    return bytes([FORMAT << 4 | kind])


def _question(data: bytes) -> Question | None:
    if len(data) < 26 or data[1] >> 5 not in Op.__members__.values():
        return None
    op, exchange = Op(data[1] >> 5), data[1] & LAST_EXCHANGE
    end = 26 + (BINDING if op is Op.REBIND else 0)
    if len(data) - end != (QUESTION_MAC if exchange else SIGNATURE):
        return None
    return Question(
        op=op,
        exchange=exchange,
        key=data[2:8],
        epoch=int.from_bytes(data[8:11], "big"),
        nonce=data[11:19],
        state=data[19:23],
        hours=int.from_bytes(data[23:26], "big"),
        binding=data[26:end],
        proof=data[end:],
    )


def _answer(data: bytes) -> Answer | None:
    if len(data) < Answer.HEADER + SIGNATURE:
        return None
    return Answer(
        issuer=data[1],
        serial=int.from_bytes(data[2:5], "big"),
        hours=int.from_bytes(data[5:8], "big"),
        patch=data[8:-SIGNATURE],
        signature=data[-SIGNATURE:],
    )


def _confirmation(data: bytes) -> Confirmation | None:
    if len(data) - 9 not in (CONFIRMATION_MAC, SIGNATURE) or data[4] not in Result.__members__.values():
        return None
    return Confirmation(epoch=int.from_bytes(data[1:4], "big"), result=Result(data[4]), state=data[5:9], proof=data[9:])


def _enrolment(data: bytes) -> Enrolment | None:
    proof, body = data[1 : 1 + SIGNATURE], data[1 + SIGNATURE :]
    found = packing.read(body, Enrolment)
    if found is None:
        return None
    made = msgspec.structs.replace(found, proof=proof)
    return made if made.encode() == data else None


_READERS: dict[int, Callable[[bytes], Message | None]] = {
    Kind.QUESTION: _question,
    Kind.ANSWER: _answer,
    Kind.CONFIRMATION: _confirmation,
    Kind.ENROLMENT: _enrolment,
}
