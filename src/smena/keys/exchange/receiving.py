"""A question arrives at the desk: who asks, and what does the key hold?

A question proves which state its key holds, so one whose confirmation was lost is taken as confirmed here. Refused are
questions that are forged, of a key that counts no more, of an earlier state (put back, or a copy), of another state
under the same number (a clone), and of a state that was never made.
"""

from __future__ import annotations

import msgspec

from smena.errors import KeyBehind, KeyCloned, KeyStateUnknown, QuestionForged, RealmOther
from smena.keys import changes, licence, stored
from smena.keys.codec import messages
from smena.keys.codec.messages import Question
from smena.keys.exchange import asking, proofs
from smena.keys.exchange.account import Account, Proof, opened
from smena.keys.primitives import digest, is_signed
from smena.keys.trust import Trust
from smena.text import _


class Received(msgspec.Struct, frozen=True):
    """A genuine question; `account` as it is now, `healed` if the question stood for a lost confirmation."""

    account: Account
    question: Question
    healed: bool


def enrolled(data: bytes, realm: bytes) -> Account:
    """The account of a key that introduces itself to this realm."""
    said = messages.decode_enrolment(data)
    if said.realm != realm:
        raise RealmOther(_("this key was made for another vendor"))
    if not is_signed(said.public, said.proof, *asking.enrolment_parts(said)):
        raise QuestionForged(_("this enrolment does not come from the key that it names"))
    return opened(said)


def receive(account: Account, data: bytes, trust: Trust, seed: bytes | None = None) -> Received:
    """Judge a question. `seed`: of the exchange key that a typed question names (`Question.exchange`)."""
    question = messages.decode_question(data)
    if question.key != account.key_id or not proofs.is_question_of(
        question, account.realm, account.public, account.agree, _allowed(question, trust, seed)
    ):
        raise QuestionForged(
            _("this question does not come from the key that it names"),
            hint=_("ask the customer to send the question as a file or a QR code"),
        )
    if trust.is_lost(account.public):
        raise stored.lost()
    return _judged(account, question)


def moved(account: Account, proof: Proof) -> Account:
    """The account once the key is known to hold what it was promised."""
    less = changes.reduces(account.licence, licence.read(account.promised))
    return msgspec.structs.replace(
        account, state=account.promised, inputs=(), before=account.inputs, proof=proof, less=less
    )


def _allowed(question: Question, trust: Trust, seed: bytes | None) -> bytes | None:
    """An exchange key that the list does not name any more proves nothing."""
    named = any(key.number == question.exchange for key in trust.list.exchange)
    return seed if named else None


def _judged(account: Account, question: Question) -> Received:
    present = account.licence.epoch
    if question.epoch == present and _is(question, account.state):
        better = msgspec.structs.replace(account, proof="signed") if question.signed else account
        return Received(better, question, healed=False)
    if account.promised and question.epoch == present + 1 and _is(question, account.promised):
        return Received(moved(account, "signed" if question.signed else "typed"), question, healed=True)
    raise _refusal(account, question)


def _refusal(account: Account, question: Question) -> KeyBehind | KeyCloned | KeyStateUnknown:
    present = account.licence.epoch
    known = any(made.startswith(question.state) for made in account.made)
    hint = _("talk to the customer; replace the key if it was copied or reset")
    why = [_("the key says change {said}; on record is change {known}", said=question.epoch, known=present)]
    if not known:
        return KeyStateUnknown(_("this key shows a state that was never made for it"), why=why, hint=hint)
    if question.epoch < present:
        return KeyBehind(
            _("this key shows a state from before its last answer: it was put back, or copied"), why=why, hint=hint
        )
    return KeyCloned(_("there are two different states of this key with the same number"), why=why, hint=hint)


def _is(question: Question, state: bytes) -> bool:
    return digest(state).startswith(question.state)
