"""The desk makes an answer: first everything that it will be made of, which is kept; then the signature.

One question has one answer. Another question at the same state gets the very same next state, for its key may have
applied the first answer already; another order waits until the key shows that it holds what it was promised.
"""

from __future__ import annotations

import msgspec

from smena.errors import IssuerRevoked, IssuerUnfit, KeyAtItsEnd, OrderWaits
from smena.keys import licence
from smena.keys.certificates import Certificate
from smena.keys.codec.messages import LAST_EPOCH
from smena.keys.exchange.account import Account, Inputs
from smena.keys.exchange.receiving import Received
from smena.keys.licence import Licence
from smena.keys.primitives import digest
from smena.keys.stored import clock_behind
from smena.keys.trust import Trust, may_sign
from smena.text import _


class Stamp(msgspec.Struct, frozen=True):
    """Who answers, with which number of theirs, and when. Serial numbers only go up."""

    issuer: Certificate
    serial: int
    hours: int


def prepare(received: Received, wanted: Licence, stamp: Stamp) -> tuple[Account, Inputs]:
    """What the answer will be made of; keep the account before signing (`account.signed`).

    `wanted` holds everything that the key shall grant; its counter, time and issuer are not looked at.
    """
    account, question = received.account, received.question.encode()
    may_sign(stamp.issuer, wanted.product, stamp.hours)
    for inputs in account.inputs:
        _refuse_other_order(account, wanted, inputs)
        if inputs.question == question:
            return account, inputs
    inputs = _inputs(account, question, _bound(received, wanted), stamp)
    kept = msgspec.structs.replace(
        account, inputs=(*account.inputs, inputs), made=_with(account.made, digest(inputs.new))
    )
    return kept, inputs


def withdraw(account: Account, trust: Trust) -> Account:
    """Take a promise back. Only when its issuer was revoked, for then it counts nowhere any more.

    A key that turns out to hold it has to be replaced.
    """
    try:
        if account.inputs:
            trust.certificate(account.inputs[-1].issuer)
    except IssuerRevoked:
        return msgspec.structs.replace(account, inputs=())
    raise _waits()


def _inputs(account: Account, question: bytes, wanted: Licence, stamp: Stamp) -> Inputs:
    if account.inputs:
        return _again(account.inputs[-1], question, stamp)
    old = account.licence
    if old.epoch >= LAST_EPOCH:
        raise KeyAtItsEnd(_("this key was changed as often as it can be; it has to be replaced"))
    if stamp.hours < old.hours:
        raise clock_behind(old.hours, stamp.hours)
    change = licence.patch(old, wanted)
    number = stamp.issuer.number
    new = licence.patched(account.state, change, hours=stamp.hours, issuer=number)
    return Inputs(
        question=question,
        old=account.state,
        new=new,
        change=change,
        issuer=number,
        serial=stamp.serial,
        hours=stamp.hours,
    )


def _again(inputs: Inputs, question: bytes, stamp: Stamp) -> Inputs:
    """The same next state for another question; it names its issuer, so only that one can sign it."""
    if stamp.issuer.number != inputs.issuer:
        raise IssuerUnfit(
            _("issuer {number} has answered this key already and has to answer again", number=inputs.issuer)
        )
    return msgspec.structs.replace(inputs, question=question, serial=stamp.serial, answer=b"")


def _bound(received: Received, wanted: Licence) -> Licence:
    """A software key is bound to what its question says, else as before, else to what it was enrolled with."""
    known = received.account.licence.binding or received.account.binding
    return msgspec.structs.replace(wanted, binding=received.question.binding or known)


def _refuse_other_order(account: Account, wanted: Licence, inputs: Inputs) -> None:
    """How the key is bound is no part of an order."""
    promised = licence.read(inputs.new)
    same = licence.next_of(account.licence, wanted, hours=promised.hours, issuer=promised.issuer)
    if msgspec.structs.replace(same, binding=promised.binding) != promised:
        raise _waits()


def _waits() -> OrderWaits:
    return OrderWaits(
        _("another answer is on its way to this key"),
        why=[_("until the key holds it, only the very same licence can be given once more")],
        hint=_("wait for the confirmation, then change the licence by a second exchange"),
    )


def _with(made: tuple[bytes, ...], state: bytes) -> tuple[bytes, ...]:
    return made if state in made else (*made, state)
