"""The answer: rebuilt and verified in memory first; only then parsed, shown and written.

The last answer again changes nothing and shows the same confirmation; an older one is refused and named. Nothing on the
key changes until the whole new record is ready.
"""

from __future__ import annotations

import msgspec

from smena import faults
from smena.errors import AnswerOlder, AnswerOther, LicenceBad, QuestionNone, SmenaError
from smena.keys import licence, record, stored
from smena.keys.certificates import Certificate
from smena.keys.codec import messages
from smena.keys.codec.messages import CONFIRMATION_MAC, Answer, Confirmation, Result
from smena.keys.exchange import proofs, reading, writing
from smena.keys.exchange.ports import Key
from smena.keys.exchange.reading import Held
from smena.keys.licence import Licence
from smena.keys.primitives import digest, is_signed, mac
from smena.keys.stored import PATIENCE, Stored, clock_behind
from smena.keys.trust import Trust, may_sign
from smena.text import Text, _


class Opened(msgspec.Struct, frozen=True):
    """An answer that was verified, and what it would change. `confirmation` is there if it was applied before."""

    held: Held
    new: Licence
    stored: Stored
    confirmation: bytes = b""

    @property
    def applied(self) -> bool:
        return bool(self.confirmation)


def look(key: Key, data: bytes, now: int) -> Opened:
    """Verify an answer and say what it changes; nothing is written."""
    answer = messages.decode_answer(data)
    held = reading.read(key)
    last = held.record.stored
    if last is not None and last.answer == digest(data):
        return Opened(held, held.licence, last, held.record.confirmation)
    if held.pending is None:
        raise _older(answer, last) or QuestionNone(
            _("this key has no open question"), hint=_("make a question and send it to the vendor")
        )
    if now < held.licence.hours - PATIENCE:
        raise clock_behind(held.licence.hours, now)
    issuer = key.trust.certificate(answer.issuer)
    may_sign(issuer, "", max(now, held.licence.hours))
    made = _rebuilt(key, held, answer, issuer)
    faults.point("keys.verified")
    new = licence.read(made.state)
    _refuse_unfit(held.licence, new, now)
    may_sign(issuer, new.product, max(now, held.licence.hours))
    return Opened(held, new, made)


def apply(key: Key, data: bytes, now: int) -> bytes:
    """Verify and write; returns the confirmation, signed. Again: the same confirmation, and nothing else."""
    opened = look(key, data, now)
    if opened.applied:
        writing.tidy(key.store, opened.held.record)
        return opened.confirmation
    said = Confirmation(epoch=opened.new.epoch, result=Result.APPLIED, state=digest(opened.stored.state)[:4])
    proof = key.token.sign(b"".join(_confirmation_parts(key.trust, said, opened.stored)))
    confirmation = msgspec.structs.replace(said, proof=proof).encode()
    faults.point("keys.signed")
    changes = {"licence": opened.stored.encode(), "pending": b"", "confirmation": confirmation}
    writing.replace(key.store, record.next_of(opened.held.record, **changes, trust=key.trust.list.number))
    return confirmation


def confirmation(key: Key, now: int, *, typed: bool = False) -> bytes:
    """The confirmation of the last answer, as often as wanted; `typed`: the short one, where the token can do it."""
    held = reading.read(key)
    last = held.record.stored
    if last is None:
        raise QuestionNone(_("no answer was ever applied to this key"))
    if not typed:
        return held.record.confirmation
    who = key.token.identity()
    secret = proofs.token_secret(key.token, who, key.trust, max(now, held.licence.hours))
    if secret is None:
        return held.record.confirmation
    said = Confirmation(epoch=held.licence.epoch, result=Result.APPLIED, state=digest(last.state)[:4])
    proof = mac(secret[1], *_confirmation_parts(key.trust, said, last), size=CONFIRMATION_MAC)
    return msgspec.structs.replace(said, proof=proof).encode()


def _rebuilt(key: Key, held: Held, answer: Answer, issuer: Certificate) -> Stored:
    """The next state as the answer makes it, once its signature was verified for this key and this question."""
    public, old = key.token.identity().public, held.record.state
    try:
        state = licence.patched(old, answer.patch, hours=answer.hours, issuer=answer.issuer)
    except LicenceBad as error:
        raise _refusal(answer, held.record.stored, error.message) from error
    hashes = (digest(held.record.pending), digest(old), digest(state))
    parts = stored.signed_parts(key.trust.realm, public, hashes, answer.header())
    if not is_signed(issuer.public, answer.signature, *parts):
        raise _refusal(answer, held.record.stored)
    return Stored(
        realm=key.trust.realm,
        public=public,
        header=answer.header(),
        question=hashes[0],
        old=hashes[1],
        state=state,
        signature=answer.signature,
        certificate=issuer.encode(),
        chain=key.trust.list.chain,
        answer=digest(answer.encode()),
    )


def _refuse_unfit(old: Licence, new: Licence, now: int) -> None:
    """What a vendor would sign only by mistake."""
    state = _("nothing was changed")
    if old.product and new.product != old.product:
        raise AnswerOther(_("this answer would turn the key into one for another product"), state=state)
    if new.hours < old.hours:
        raise AnswerOther(_("this answer says that it was made before the last one"), state=state)
    if now < new.hours - PATIENCE:
        raise clock_behind(new.hours, now)


def _refusal(answer: Answer, last: Stored | None, reason: Text | None = None) -> SmenaError:
    return _older(answer, last) or AnswerOther(
        _("this answer was made for another question or another key, or it was changed on its way"),
        why=[reason] if reason else [],
        state=_("nothing was changed; the question is still open"),
        hint=_("compare the answer with the vendor's mail, or show the question again and send it once more"),
    )


def _older(answer: Answer, last: Stored | None) -> AnswerOlder | None:
    """By the issuer's serial numbers, which only go up."""
    if last is None:
        return None
    applied = messages.Answer(issuer=last.header[1], serial=int.from_bytes(last.header[2:5], "big"), hours=0, patch=b"")
    if answer.issuer != applied.issuer or answer.serial > applied.serial:
        return None
    return AnswerOlder(
        _(
            "this is answer {number}; the key has answer {applied} already",
            number=answer.serial,
            applied=applied.serial,
        ),
        state=_("nothing was changed"),
        hint=_("use the newest answer that the vendor sent"),
    )


def _confirmation_parts(trust: Trust, said: Confirmation, made: Stored) -> tuple[bytes, ...]:
    return proofs.confirmation_parts(trust.realm, said, made.answer, digest(made.state))
