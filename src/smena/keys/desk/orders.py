"""What customers bought: the licence that a key shall hold, with the reason, and with a second person's agreement.

An order is made against one state of its key, and names everything that the key will hold. So it can be answered only
while the key holds that state: two orders made at once cannot undo one another. What takes something away, or gives
much, needs a second person, who signs exactly what the key will hold.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.errors import ApprovalBad, OrderUnfit, OrderUnknown
from smena.keys import changes, licence
from smena.keys.desk import people
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk, Floor, kept
from smena.keys.exchange.account import Account
from smena.keys.licence import Licence, seats_of
from smena.keys.primitives import digest, is_signed, public_of, sign
from smena.store import Row
from smena.text import Text, _, plain

State = Literal["open", "answered", "done", "dropped"]
_WORDS = b"smena approval 1"


class Approval(msgspec.Struct, frozen=True):
    """Who agreed, when, and their signature."""

    name: str
    at: str
    signature: bytes


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`old` is the state that the key holds when this is answered; `new` the hash of the state that was made of it."""

    number: int
    public: bytes
    old: bytes
    wanted: bytes
    rebind: bool = False
    reason: str
    customer: str = ""
    by: str
    at: str
    state: State = "open"
    approval: Approval | None = None
    new: bytes = b""

    @property
    def before(self) -> Licence:
        return licence.read(self.old)

    @property
    def after(self) -> Licence:
        """As ordered; counter, time and issuer are the old ones still."""
        return licence.read(self.wanted)

    @property
    def changes(self) -> list[changes.Change]:
        return changes.changes(self.before, self.after)


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An order that nobody has placed yet: to be looked at."""

    known: Known
    old: bytes
    wanted: Licence
    rebind: bool = False

    @property
    def changes(self) -> list[changes.Change]:
        return changes.changes(licence.read(self.old), self.wanted)


def base(account: Account) -> bytes:
    """The state that an order starts from: what the key was promised, else what it holds."""
    return account.promised or account.state


def place(desk: Desk, draft: Draft, reason: str, at: str) -> Order:
    """Write it down."""
    if not reason.strip():
        raise OrderUnfit(_("an order needs a reason"), hint=_("say why the licence changes: --reason WORDS"))
    if not draft.changes and not draft.rebind:
        raise OrderUnfit(
            _("this order changes nothing"), why=[_("the key holds, or was promised, exactly this already")]
        )
    account, about = draft.known.account, draft.known.about
    order = Order(
        number=last_number(desk) + 1,
        public=account.public,
        old=draft.old,
        wanted=licence.canonical(draft.wanted),
        rebind=draft.rebind,
        reason=reason.strip(),
        customer=about.customer,
        by=desk.by,
        at=at,
    )
    with desk.change():
        desk.store.write(
            "INSERT INTO orders VALUES (?,?,?,?)", order.number, order.public, order.state, msgspec.json.encode(order)
        )
        desk.note("order placed", order.public, order=order.number, reason=order.reason, changes=told(order.changes))
    return order


def save(desk: Desk, order: Order) -> Order:
    desk.store.write("UPDATE orders SET state=?, about=? WHERE number=?", order.state, _bytes(order), order.number)
    return order


def get(desk: Desk, number: int) -> Order:
    row = desk.store.one("SELECT about FROM orders WHERE number=?", number)
    if row is None:
        raise OrderUnknown(_("there is no order {number}", number=number), hint=plain("smena desk orders list"))
    return _order(row)


def listed(desk: Desk, *states: State) -> list[Order]:
    found = [_order(row) for row in desk.store.all("SELECT about FROM orders ORDER BY number")]
    return [order for order in found if not states or order.state in states]


def of(desk: Desk, public: bytes, *states: State) -> list[Order]:
    """Of one key."""
    found = [_order(row) for row in desk.store.all("SELECT about FROM orders WHERE key=? ORDER BY number", public)]
    return [order for order in found if not states or order.state in states]


def drop(desk: Desk, order: Order, reason: str) -> Order:
    """Not wanted any more. One that was answered stays: its answer is on its way."""
    if order.state != "open":
        raise OrderUnfit(
            _("order {number} is not open any more", number=order.number),
            why=[_("it is {state}", state=state_words(order.state))],
            hint=_("correct it with another order, by a second exchange"),
        )
    with desk.change():
        dropped = save(desk, msgspec.structs.replace(order, state="dropped"))
        desk.note("order dropped", order.public, order=order.number, reason=reason)
    return dropped


# --- the second person --------------------------------------------------------------------


def second(desk: Desk, order: Order | Draft) -> list[Text]:
    """Why a second person is needed; empty where none is."""
    old = licence.read(order.old)
    new = order.after if isinstance(order, Order) else order.wanted
    found: list[Text] = []
    if changes.reduces(old, new):
        found.append(_("something becomes less"))
    large = desk.settings.large
    if seats_of(new) is None and seats_of(old) is not None:
        found.append(_("seats are not counted: as many as one likes"))
    elif _more(old, new) > large:
        found.append(_("more than {count} seats are added at once", count=large))
    return found


def approve(desk: Desk, order: Order, seed: bytes, at: str) -> Order:
    """A second person agrees, with a signature of their own over exactly what the key will hold."""
    if order.state != "open":
        raise OrderUnfit(_("order {number} is not open any more", number=order.number))
    person = people.by_key(desk, public_of(seed))
    if person.name == order.by:
        raise ApprovalBad(
            _("{name} placed this order, so somebody else has to agree to it", name=person.name),
            state=_("nothing was changed"),
        )
    agreed = Approval(person.name, at, sign(seed, *_parts(order, desk.trust.realm)))
    with desk.change():
        approved = save(desk, msgspec.structs.replace(order, approval=agreed))
        desk.note("order approved", order.public, order=order.number, person=person.name)
    return approved


def agreed(desk: Desk, order: Order) -> bool:
    """Whether the agreement that an order carries counts: it is looked at anew each time."""
    if order.approval is None:
        return False
    person = people.get(desk, order.approval.name)
    if person.name == order.by or not is_signed(
        person.public, order.approval.signature, *_parts(order, desk.trust.realm)
    ):
        raise ApprovalBad(
            _("the agreement of {name} is not for this order", name=person.name),
            why=[_("the order was changed afterwards, or the signature is of another key")],
            hint=_(
                "let a second person look at it: smena desk orders approve {number} --key FILE", number=order.number
            ),
        )
    return True


def state_words(state: State) -> Text:
    words = {"open": _("open"), "answered": _("answered"), "done": _("done"), "dropped": _("dropped")}
    return words[state]


def told(found: list[changes.Change]) -> list[str]:
    """The changes for the audit chain, in English: it is read by whoever comes later."""
    from smena.text import render

    return [f"{render(one.what, 'en')}: {render(one.old, 'en')} -> {render(one.new, 'en')}" for one in found]


def _more(old: Licence, new: Licence) -> int:
    """The most seats that are added anywhere."""
    total = (new.seats or 0) - (old.seats or 0)
    return max([total, *(seats - old.module_seats.get(name, 0) for name, seats in new.module_seats.items())])


def _parts(order: Order, realm: bytes) -> tuple[bytes, ...]:
    rest = msgspec.msgpack.encode((order.number, order.rebind, order.reason, order.customer, order.by))
    return _WORDS, realm, digest(order.public), digest(order.old), digest(order.wanted), rest


def last_number(desk: Desk) -> int:
    """The last that was used, before a backup was put back too."""
    row = desk.store.one("SELECT max(number) AS last FROM orders")
    last = 0 if row is None or row["last"] is None else int(row["last"])
    floor: Floor = kept(desk.store, "floor", Floor)
    return max([last, floor.order, *(getattr(line.entry, "order", 0) for line in desk.unread)])


def _bytes(order: Order) -> bytes:
    return msgspec.json.encode(order)


def _order(row: Row) -> Order:
    return msgspec.json.decode(row["about"], type=Order)
