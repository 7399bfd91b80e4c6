"""A key introduces itself: from now on the desk knows it. An id that is taken is refused.

Hardware cannot prove itself by mail: what a token says of its making is noted, and how somebody saw that it is true.
"""

from __future__ import annotations

import msgspec

from smena import clock
from smena.errors import RealmOther
from smena.keys.codec import messages
from smena.keys.codec.messages import Enrolment
from smena.keys.desk import accounts, answerlog, serials
from smena.keys.desk.about import About
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Order
from smena.keys.exchange import receiving
from smena.keys.exchange.account import Account
from smena.keys.numbers import tidy
from smena.keys.parts import NEEDED, alike
from smena.text import Text, _

HARDWARE = "pkcs11"
_VIRTUAL = "virtual"


class Enrolled(msgspec.Struct, frozen=True):
    """The key, and what a person should know before it is given anything."""

    known: Known
    odd: tuple[Text, ...]
    order: Order | None = None
    """What its serial number stands for."""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a person at the desk adds."""

    customer: str = ""
    mail: str = ""
    proven: str = ""


def enrol(desk: Desk, data: bytes, said: Said) -> Enrolled:
    """Take a key into the books."""
    desk.ready()
    account = receiving.enrolled(data, desk.trust.realm)
    enrolment = messages.decode_enrolment(data)
    if account.kind == _VIRTUAL and not desk.trust.list.demo:
        raise RealmOther(_("a virtual key counts only in a demonstration"), state=_("nothing was changed"))
    odd = (*_odd(desk, account, enrolment, said), *serials.check(desk, enrolment.order))
    about = _about(desk, enrolment, said)
    entry = answerlog.Enrolled(
        number=desk.tip.number + 1,
        before=desk.tip.head,
        at=about.enrolled,
        enrolment=data,
        about=about,
        audit=desk.head.hash,
    )
    line = answerlog.encoded(entry)
    with desk.change():
        known = accounts.add(desk.store, account, about)
        desk.record([line])
        desk.note("key enrolled", account.public, kind=account.kind, customer=about.customer, serial=about.serial)
        order = serials.order(desk, known, about.enrolled)
    desk.written([line])
    return Enrolled(known, odd, order)


def _about(desk: Desk, enrolment: Enrolment, said: Said) -> About:
    return About(
        customer=said.customer,
        mail=said.mail,
        proven=said.proven,
        model=enrolment.model,
        firmware=enrolment.firmware,
        number=enrolment.number,
        serial=tidy(enrolment.order),
        enrolled=clock.stamp(),
        by=desk.by,
    )


def _odd(desk: Desk, account: Account, enrolment: Enrolment, said: Said) -> list[Text]:
    found: list[Text] = []
    if account.kind == HARDWARE and not said.proven:
        found.append(_("nobody has seen that this key is in hardware: --proven WORDS says how it was seen"))
    if account.kind != HARDWARE and said.proven:
        found.append(_("this is no hardware key: {kind}", kind=account.kind))
    for other in accounts.everyone(desk.store):
        if account.binding and alike(account.binding, other.account.binding) >= NEEDED:
            found.append(_("the key {key} is bound to the same computer, it seems", key=other.name))
        if enrolment.number and enrolment.number == other.about.number:
            found.append(_("the key {key} lies on a token of the same number", key=other.name))
    if desk.trust.is_lost(account.public):
        found.append(_("the trust list says that this key counts no more"))
    return found
