"""Answers are made, one or many, in four moves, each complete before the next begins.

    commit everything that they will be made of → the answer log, synced → sign → commit what was signed

Killed anywhere, the same question gets the same bytes: what was committed first decides. Many at once share the
commits, so a vendor can answer very many keys in a short time and lose none to a power cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from smena import clock, faults
from smena.errors import ApprovalNeeded, OrderUnfit, OrderUnknown
from smena.keys import licence
from smena.keys.codec.messages import Op
from smena.keys.desk import accounts, answerlog, issuers, orders, receiving
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Order
from smena.keys.desk.receiving import Seen
from smena.keys.exchange import account as signing
from smena.keys.exchange import answering
from smena.keys.exchange.account import Account, Inputs
from smena.keys.exchange.answering import Stamp
from smena.keys.licence import Licence
from smena.keys.primitives import digest, signer
from smena.text import _, plain


class Ask(msgspec.Struct, frozen=True):
    """A question, and which order answers it; 0: the only one that there is."""

    question: bytes
    order: int = 0


class Given(msgspec.Struct, frozen=True):
    """An answer. `head` is the end of the audit chain when it was made; `again` if it was made before."""

    known: Known
    question: bytes
    answer: bytes
    inputs: Inputs
    order: int
    head: bytes
    again: bool

    @property
    def old(self) -> Licence:
        return licence.read(self.inputs.old)

    @property
    def new(self) -> Licence:
        return licence.read(self.inputs.new)


class Choice(msgspec.Struct, frozen=True):
    """What a question would be answered with; `order` is None where only the promise of a lost order is left."""

    seen: Seen
    ask: Ask
    order: Order | None
    wanted: Licence


class _Prepared(msgspec.Struct, frozen=True):
    """`fresh`: something new was decided."""

    choice: Choice
    account: Account
    inputs: Inputs
    fresh: bool


def choose(desk: Desk, ask: Ask) -> Choice:
    """Judge the question, find the order; nothing is changed."""
    desk.ready()
    seen = receiving.judged(desk, ask.question)
    return _choice(desk, seen, ask)


def answer(desk: Desk, asks: Sequence[Ask]) -> list[Given]:
    """All of them; any refusal refuses all, before anything is changed."""
    desk.ready()
    return give(desk, [choose(desk, ask) for ask in asks])


def give(desk: Desk, choices: Sequence[Choice]) -> list[Given]:
    """Answer what was chosen. Of one key there may be only one question among them."""
    if len({choice.seen.known.account.public for choice in choices}) < len(choices):
        raise OrderUnfit(_("one key can be answered only once at a time"), state=_("nothing was changed"))
    with desk.change():
        prepared = [_prepared(desk, choice) for choice in choices]
        lines, heads = _chained(desk, prepared)
        if lines:
            issuers.keep_serials(desk)
            desk.record(lines)
    if lines:
        desk.written(lines)
    signers = {number: signer(issuers.seed(desk, number)) for number in {one.inputs.issuer for one in prepared}}
    signed = [signing.signed(one.account, one.inputs, signers[one.inputs.issuer]) for one in prepared]
    faults.point("desk.signed")
    given = []
    with desk.change():
        for one, (account, data) in zip(prepared, signed, strict=True):
            if account != one.account:
                accounts.save(desk.store, account)
            given.append(_given(desk, one, data, heads.get(digest(one.inputs.question), desk.head.hash)))
    faults.point("desk.recorded")
    return given


def completed(desk: Desk, account: Account) -> Account:
    """The account with every answer signed: a death, or a backup, may have kept the signed ones from being kept."""
    for inputs in account.inputs:
        if not inputs.answer:
            account, _answer = signing.signed(account, inputs, issuers.seed(desk, inputs.issuer))
    return account


def _choice(desk: Desk, seen: Seen, ask: Ask) -> Choice:
    account = seen.received.account
    if account.inputs and not issuers.is_revoked(desk, account.inputs[-1].issuer):
        order = _promised(seen, ask)
        wanted = order.after if order is not None else licence.read(account.promised)
        return Choice(seen, ask, order, wanted)
    order = _only(seen, ask)
    if order.old != account.state:
        raise OrderUnfit(
            _("the key does not hold what it held when order {number} was placed", number=order.number),
            state=_("nothing was changed"),
            hint=_("drop it and place it anew: smena desk orders drop {number} --reason WORDS", number=order.number),
        )
    _refuse_other_kind(seen, order)
    _refuse_alone(desk, order)
    return Choice(seen, ask, order, order.after)


def _promised(seen: Seen, ask: Ask) -> Order | None:
    """The order behind the answer that is on its way. A person may name another; the rules refuse that one."""
    if ask.order:
        return _only(seen, ask)
    found = [one for one in seen.orders if one.state == "answered"]
    return found[-1] if found else None


def _only(seen: Seen, ask: Ask) -> Order:
    usable = [one for one in seen.orders if ask.order in (0, one.number)]
    name = seen.known.name
    if not usable:
        raise OrderUnknown(
            _("there is no open order for the key {key}", key=name)
            if not ask.order
            else _("order {number} is not an open order for the key {key}", number=ask.order, key=name),
            state=_("the question waits"),
            hint=plain(f"smena desk orders add {name} --reason …"),
        )
    if len(usable) > 1:
        numbers = ", ".join(str(one.number) for one in usable)
        raise OrderUnfit(
            _("there are several open orders for the key {key}: {numbers}", key=name, numbers=numbers),
            state=_("the question waits"),
            hint=_("say which one: --order NUMBER"),
        )
    return usable[0]


def _refuse_other_kind(seen: Seen, order: Order) -> None:
    if order.rebind == (seen.question.op is Op.REBIND):
        return
    asked = _("the key asks to be bound to its computer anew; order {number} is not for that", number=order.number)
    other = _("order {number} binds the key anew, but that is not what it asks for", number=order.number)
    raise OrderUnfit(
        other if order.rebind else asked,
        state=_("the question waits"),
        hint=plain(f"smena desk orders add {seen.known.name} --rebind --reason …") if not order.rebind else None,
    )


def _refuse_alone(desk: Desk, order: Order) -> None:
    needs = orders.second(desk, order)
    if needs and not orders.agreed(desk, order):
        raise ApprovalNeeded(
            _("a second person has to agree to order {number}", number=order.number),
            why=needs,
            state=_("the question waits"),
            hint=_("smena desk orders approve {number} --key FILE", number=order.number),
        )


# --- the four moves ------------------------------------------------------------------------


def _prepared(desk: Desk, choice: Choice) -> _Prepared:
    """First move: everything is decided, and kept in the present commit."""
    seen, question = choice.seen, choice.ask.question
    receiving.kept(desk, seen, question)
    received = msgspec.structs.replace(seen.received, account=_free(desk, seen.received.account, choice.order))
    issuer = issuers.fit(desk, received.account, choice.wanted.product)
    fresh = not any(one.question == question for one in received.account.inputs)
    serial = issuers.next_serial(desk, issuer.number) if fresh else 1
    account, inputs = answering.prepare(received, choice.wanted, Stamp(issuer, serial, desk.now))
    if not fresh:
        return _Prepared(choice, account, inputs, fresh)
    accounts.save(desk.store, account)
    if choice.order is not None:
        orders.save(desk, msgspec.structs.replace(choice.order, state="answered", new=digest(inputs.new)))
    return _Prepared(choice, account, inputs, fresh)


def _free(desk: Desk, account: Account, order: Order | None) -> Account:
    """Without a promise whose issuer was revoked: it counts nowhere any more."""
    if not account.inputs or not issuers.is_revoked(desk, account.inputs[-1].issuer):
        return account
    for other in orders.of(desk, account.public, "answered"):
        if order is None or other.number != order.number:
            orders.save(desk, msgspec.structs.replace(other, state="dropped"))
    desk.note("promise withdrawn", account.public, issuer=account.inputs[-1].issuer)
    return answering.withdraw(account, desk.trust)


def _chained(desk: Desk, prepared: Iterable[_Prepared]) -> tuple[list[bytes], dict[bytes, bytes]]:
    """For what is new: the lines of the answer log, and by question the end of the audit chain after it."""
    lines: list[bytes] = []
    heads: dict[bytes, bytes] = {}
    number, before, at = desk.tip.number, desk.tip.head, clock.stamp()
    for one in (one for one in prepared if one.fresh):
        order = one.choice.order.number if one.choice.order else 0
        number += 1
        entry = answerlog.Answered(
            number=number,
            before=before,
            at=at,
            public=one.account.public,
            inputs=one.inputs,
            order=order,
            audit=desk.head.hash,
        )
        lines.append(answerlog.encoded(entry))
        before = answerlog.hash_of(lines[-1])
        question, state = digest(one.inputs.question), digest(one.inputs.new)
        particulars = {"order": order, "serial": one.inputs.serial, "question": question.hex(), "state": state.hex()}
        desk.note("answered", one.account.public, **particulars)
        heads[question] = desk.head.hash
    return lines, heads


def _given(desk: Desk, one: _Prepared, data: bytes, head: bytes) -> Given:
    """Last move: what was signed is kept."""
    question = digest(one.inputs.question)
    again = one.inputs.answer == data
    if again:
        row = desk.store.one("SELECT head FROM question WHERE hash=?", question)
        head = row["head"] if row is not None and row["head"] else head
    else:
        sql = "UPDATE question SET state='answered', answer=?, head=? WHERE hash=?"
        desk.store.write(sql, data, head, question)
    number = one.choice.order.number if one.choice.order else 0
    return Given(one.choice.seen.known, one.inputs.question, data, one.inputs, number, head, again)
