"""What the desk knows of one key: the state that it holds, and the next one that it was promised.

A value: `receiving`, `answering` and `confirming` make the next account of it, the desk keeps it. Only one next
state is ever promised: whoever asks again gets the very same one until the key shows that it holds it.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.keys import licence
from smena.keys.codec.messages import Answer, Enrolment
from smena.keys.exchange.ports import key_id
from smena.keys.licence import Licence
from smena.keys.primitives import Signer, digest, signer
from smena.keys.stored import signed_parts

Proof = Literal["", "typed", "signed"]


class Inputs(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that an answer is made of, kept before it is signed: so one question has one answer, to the bit.

    `answer` is empty until it was signed.
    """

    question: bytes
    old: bytes
    new: bytes
    change: bytes
    issuer: int
    serial: int
    hours: int
    answer: bytes = b""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """`state` is what the key is known to hold, `inputs` are the answers to questions at that state.

    `before` are the answers that led to the present state. `made` has the hash of every state that was ever made for
    this key. `proof` says how the present state was confirmed: a reduction counts only when that was signed.
    """

    realm: bytes
    kind: str
    public: bytes
    agree: bytes = b""
    binding: bytes = b""
    state: bytes = licence.canonical(licence.BLANK)
    inputs: tuple[Inputs, ...] = ()
    before: tuple[Inputs, ...] = ()
    made: tuple[bytes, ...] = (digest(licence.canonical(licence.BLANK)),)
    proof: Proof = "signed"
    less: bool = False
    """Whether the present state has less than the one before it."""

    @property
    def key_id(self) -> bytes:
        return key_id(self.public)

    @property
    def licence(self) -> Licence:
        return licence.read(self.state)

    @property
    def promised(self) -> bytes:
        """The next state, once an answer was made for it."""
        return self.inputs[-1].new if self.inputs else b""

    @property
    def owed(self) -> bool:
        """Whether a reduction still waits for a signed word of the key."""
        return self.less and self.proof != "signed"


def opened(said: Enrolment) -> Account:
    """The account of a key that introduced itself; its proof was checked (`receiving.enrolled`)."""
    return Account(realm=said.realm, kind=said.kind, public=said.public, agree=said.agree, binding=said.binding)


def signed(account: Account, inputs: Inputs, issuer: bytes | Signer) -> tuple[Account, bytes]:
    """The answer, signed with the issuer's seed or by its signer, and the account that knows it.

    The same inputs always make the same bytes, so a desk that died before it kept the account signs again.
    """
    answer = _answer(account, inputs, signer(issuer) if isinstance(issuer, bytes) else issuer)
    known = tuple(msgspec.structs.replace(one, answer=answer) if one == inputs else one for one in account.inputs)
    return msgspec.structs.replace(account, inputs=known), answer


def _answer(account: Account, inputs: Inputs, sign: Signer) -> bytes:
    said = Answer(issuer=inputs.issuer, serial=inputs.serial, hours=inputs.hours, patch=inputs.change)
    hashes = (digest(inputs.question), digest(inputs.old), digest(inputs.new))
    parts = signed_parts(account.realm, account.public, hashes, said.header())
    return msgspec.structs.replace(said, signature=sign(*parts)).encode()
