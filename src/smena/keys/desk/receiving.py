"""A question arrives: who asks, with which key, what it holds, what was ordered for it, and whether anything is odd.

What the rules refuse (a copy, a state that was put back or never made, a forgery) is noted in the audit chain before it
is refused: somebody has to talk to that customer.
"""

from __future__ import annotations

import msgspec

from smena import clock
from smena.errors import KeyBehind, KeyCloned, KeyLost, KeyStateUnknown, QuestionForged, QuestionPast, SmenaError
from smena.keys import stored, times
from smena.keys.codec import messages
from smena.keys.codec.messages import Op, Question
from smena.keys.desk import accounts, orders, recovering
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Order
from smena.keys.exchange import receiving
from smena.keys.exchange.account import Account
from smena.keys.exchange.ports import shown_id
from smena.keys.exchange.receiving import Received
from smena.keys.primitives import digest
from smena.keys.stored import PATIENCE
from smena.text import Text, _

_ODD = (KeyBehind, KeyCloned, KeyStateUnknown, KeyLost, QuestionForged)


class Seen(msgspec.Struct, frozen=True):
    """A genuine question. `orders` are those that could answer it; `answered` if it was answered before."""

    known: Known
    received: Received
    orders: tuple[Order, ...]
    odd: tuple[Text, ...]
    answered: bool

    @property
    def question(self) -> Question:
        return self.received.question


def receive(desk: Desk, data: bytes) -> Seen:
    """Judge a question and keep it; a lost confirmation heals here."""
    desk.ready()
    seen = judged(desk, data)
    if row_state(desk, data) is None or seen.received.account != seen.known.account:
        with desk.change():
            kept(desk, seen, data)
    return seen


def judged(desk: Desk, data: bytes) -> Seen:
    """The same, without keeping anything but what was odd about it."""
    question = messages.decode_question(data)
    known = recovering.known(desk, question)
    if known is None:
        raise accounts.unknown(shown_id(question.key))
    try:
        if known.about.state == "replaced":
            raise stored.lost()
        received = receiving.receive(known.account, data, desk.trust, desk.exchange_seed(question.exchange))
    except _ODD as error:
        if isinstance(error, KeyBehind) and row_state(desk, data) is not None:
            raise _past(known) from error
        _noted(desk, known, error, data)
        raise
    account = received.account
    found = tuple(orders.of(desk, account.public, "open", "answered"))
    found = tuple(one for one in found if one.state == "open" or one.new == digest(account.promised))
    answered = any(one.question == data for one in account.inputs)
    return Seen(known, received, found, tuple(_odd(desk, known, received)), answered)


def kept(desk: Desk, seen: Seen, data: bytes) -> None:
    """In the present commit: the question, and what it proved."""
    account = seen.received.account
    if account != seen.known.account:
        accounts.save(desk.store, account)
    if seen.received.healed:
        finished(desk, seen.known.account, account)
        desk.note("confirmed by a question", account.public, epoch=account.licence.epoch)
    if row_state(desk, data) is None:
        desk.store.write("UPDATE question SET state='past' WHERE key=? AND state='open'", account.public)
        row = (digest(data), account.public, data, clock.stamp(), "open", b"", b"")
        desk.store.write("INSERT INTO question VALUES (?,?,?,?,?,?,?)", *row)
        desk.note("question received", account.public, question=digest(data).hex(), epoch=seen.question.epoch)


def row_state(desk: Desk, data: bytes) -> str | None:
    row = desk.store.one("SELECT state FROM question WHERE hash=?", digest(data))
    return None if row is None else str(row["state"])


def open_questions(desk: Desk) -> list[bytes]:
    """Those that wait for an answer, the oldest first; an older one of the same key waits no more."""
    rows = desk.store.all("SELECT key, message FROM question WHERE state='open' ORDER BY at, rowid")
    return list({row["key"]: row["message"] for row in rows}.values())


def finished(desk: Desk, before: Account, after: Account) -> None:
    """In the present commit: the key holds what it was promised, so its order is done, and so are its questions."""
    for order in orders.of(desk, after.public, "answered"):
        if order.new == digest(after.state):
            orders.save(desk, msgspec.structs.replace(order, state="done"))
    for inputs in before.inputs:
        desk.store.write("UPDATE question SET state='past' WHERE hash=?", digest(inputs.question))


def _past(known: Known) -> QuestionPast:
    return QuestionPast(
        _("this question came before; the key {key} has moved on since", key=known.name),
        why=[_("on record is change {known}", known=known.account.licence.epoch)],
        state=_("nothing was changed"),
        hint=_("ask the customer for a new question, if the licence is to change again"),
    )


def _noted(desk: Desk, known: Known, error: SmenaError, data: bytes) -> None:
    with desk.change():
        desk.note("question refused", known.account.public, code=error.code, question=digest(data).hex())


def _odd(desk: Desk, known: Known, received: Received) -> list[Text]:
    question, account, found = received.question, received.account, list[Text]()
    if received.healed:
        found.append(_("its last confirmation never came; this question stands for it"))
    if account.owed:
        found.append(_("what was taken away from it was never confirmed with a signature"))
    if not question.signed:
        found.append(
            _("the question is a short one: it shows that somebody knows the key's secret, not that it is there")
        )
    if question.hours > desk.now + PATIENCE:
        found.append(_("its clock says {when}, which is still to come", when=times.shown(question.hours)))
    if question.op is Op.RETURN:
        found.append(_("the customer gives the licence back"))
    if question.op is Op.REBIND:
        count = sum(1 for order in orders.of(desk, account.public, "answered", "done") if order.rebind)
        found.append(_("it wants to be bound to its computer anew; that was done {count} times before", count=count))
    if account.kind == "pkcs11" and not known.about.proven:
        found.append(_("nobody has seen that this key is in hardware"))
    return found
