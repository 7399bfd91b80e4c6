"""The question: made once, kept on the key before anybody sees it, shown again as often as wanted.

There is one open question at a time. Starting again shows the same one; only an explicit `cancel` makes room for
another, and says before what is lost.
"""

from __future__ import annotations

import msgspec

from smena import faults
from smena.errors import KeyAtItsEnd, QuestionNone, QuestionWaits, TokenUnfit
from smena.keys import record, times
from smena.keys.codec.messages import LAST_EPOCH, QUESTION_MAC, Enrolment, Op, Question
from smena.keys.exchange import proofs, reading, writing
from smena.keys.exchange.ports import Key, Token
from smena.keys.exchange.reading import Held
from smena.keys.primitives import digest, mac, random_bytes
from smena.keys.stored import PATIENCE, clock_behind
from smena.text import Text, _

_ENROLMENT = b"smena enrolment 1"


class Wish(msgspec.Struct, frozen=True):
    """What is to be asked. `typed`: the short form, for telephone and paper, where the token can do it."""

    op: Op = Op.UPDATE
    typed: bool = False
    binding: bytes = b""
    """The parts of the computer as they are now: with REBIND only."""


def ask(key: Key, now: int, wish: Wish | None = None) -> bytes:
    """The open question, or a new one. `now` in hours."""
    wish = wish or Wish()
    held = reading.read(key)
    if held.pending is not None:
        writing.tidy(key.store, held.record)
        return _same(held, wish)
    if now < held.licence.hours - PATIENCE:
        raise clock_behind(held.licence.hours, now)
    if held.licence.epoch >= LAST_EPOCH:
        raise KeyAtItsEnd(_("this key was changed as often as it can be; it has to be replaced"))
    message = _made(key, held, wish, max(now, held.licence.hours)).encode()
    faults.point("keys.asked")
    writing.replace(key.store, record.next_of(held.record, pending=message, trust=key.trust.list.number))
    return message


def cancel(key: Key) -> bytes:
    """Forget the open question; its answer will not be accepted any more. Returns what was forgotten."""
    held = reading.read(key)
    if held.pending is None:
        raise QuestionNone(_("this key has no open question"))
    writing.replace(key.store, record.next_of(held.record, pending=b"", trust=key.trust.list.number))
    return held.record.pending


def loss(question: Question) -> Text:
    """What a cancelled question takes with it: said before it is cancelled."""
    return _(
        "the question of {when} is forgotten; an answer that is on its way to it cannot be used any more",
        when=times.shown(question.hours),
    )


def enrol(token: Token, realm: bytes, now: int, order: str = "") -> bytes:
    """How a key introduces itself to the vendor, once."""
    who = token.identity()
    said = Enrolment(
        realm=realm,
        kind=who.kind,
        public=who.public,
        agree=who.agree,
        model=who.model,
        firmware=who.firmware,
        number=who.number,
        order=order,
        binding=who.binding,
        hours=now,
    )
    proof = token.sign(_ENROLMENT + realm + said.body())
    return msgspec.structs.replace(said, proof=proof).encode()


def enrolment_parts(said: Enrolment) -> tuple[bytes, ...]:
    """What an enrolment's proof is over."""
    return _ENROLMENT, said.realm, said.body()


def _same(held: Held, wish: Wish) -> bytes:
    pending = held.pending
    if pending is None or pending.op is wish.op:
        return held.record.pending
    raise QuestionWaits(
        _("another question of {when} is open", when=times.shown(pending.hours)),
        state=_("nothing was changed"),
        hint=_("wait for its answer, or cancel it"),
    )


def _made(key: Key, held: Held, wish: Wish, hours: int) -> Question:
    who = key.token.identity()
    question = Question(
        op=wish.op,
        key=who.key_id,
        epoch=held.licence.epoch,
        nonce=random_bytes(8),
        state=digest(held.record.state)[:4],
        hours=hours,
        binding=wish.binding,
    )
    if not wish.typed:
        proof = key.token.sign(b"".join(proofs.question_parts(key.trust.realm, question)))
        return msgspec.structs.replace(question, proof=proof)
    secret = proofs.token_secret(key.token, who, key.trust, hours)
    if secret is None:
        raise TokenUnfit(_("this key cannot make a short question"), hint=_("use the QR code or the file instead"))
    short = msgspec.structs.replace(question, exchange=secret[0])
    proof = mac(secret[1], *proofs.question_parts(key.trust.realm, short), size=QUESTION_MAC)
    return msgspec.structs.replace(short, proof=proof)
