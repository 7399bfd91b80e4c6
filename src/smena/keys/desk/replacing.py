"""A key that was lost, broken or reset counts no more; another one takes its place, if there is one.

At the desk it counts no more at once; its customers' products learn it from the next trust list, for which the root is
needed. The new key gets an order for what the old one had: answered like any other, with a second person where that is
asked for.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena import clock
from smena.errors import OrderUnfit
from smena.keys import licence
from smena.keys.desk import accounts, listing, orders, recovering
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Draft, Order
from smena.keys.licence import BLANK, Licence
from smena.text import Text, _

What = Literal["lost", "broken", "reset"]


class Replaced(msgspec.Struct, frozen=True):
    """The old key, and the order for the new one."""

    old: Known
    order: Order | None


def replace(desk: Desk, old: Known, what: What, reason: str, new: Known | None = None) -> Replaced:
    """The old key counts no more."""
    desk.ready()
    recovering.refuse_behind(desk, old.account.public)
    _refuse(old, reason, new)
    with desk.change():
        instead = b"" if new is None else new.account.public
        about = msgspec.structs.replace(old.about, state="replaced", instead=instead)
        known = accounts.describe(desk.store, old, about)
        for order in orders.of(desk, old.account.public, "open"):
            orders.save(desk, msgspec.structs.replace(order, state="dropped"))
        desk.store.write("UPDATE question SET state='past' WHERE key=? AND state='open'", old.account.public)
        listing.lose(desk, old.account.public)
        desk.note("key replaced", old.account.public, how=what, reason=reason, instead=instead.hex())
        placed = _order(desk, old, new, reason) if new is not None else None
    return Replaced(known, placed)


def _refuse(old: Known, reason: str, new: Known | None) -> None:
    if not reason.strip():
        raise OrderUnfit(_("a replacement needs a reason"), hint=_("say what happened: --reason WORDS"))
    if old.about.state == "replaced":
        raise _unfit(_("the key {key} was replaced already", key=old.name))
    if new is None:
        return
    if new.account.public == old.account.public or new.about.state == "replaced":
        raise _unfit(_("the key {key} cannot take its place", key=new.name))
    if new.account.licence != BLANK or new.account.inputs:
        raise _unfit(_("the key {key} holds a licence of its own already", key=new.name))


def _unfit(message: Text) -> OrderUnfit:
    return OrderUnfit(message, state=_("nothing was changed"))


def _order(desk: Desk, old: Known, new: Known, reason: str) -> Order | None:
    """What the old key held, or was promised: the customer has paid for it."""
    had = licence.read(orders.base(old.account))
    if not had.product:
        return None
    if new.about.customer == "" and old.about.customer:
        about = msgspec.structs.replace(new.about, customer=old.about.customer, mail=new.about.mail or old.about.mail)
        new = accounts.describe(desk.store, new, about)
    draft = Draft(known=new, old=orders.base(new.account), wanted=_bare(had, new))
    return orders.place(desk, draft, reason, clock.stamp())


def _bare(had: Licence, new: Known) -> Licence:
    """Without what belongs to the old key itself."""
    return msgspec.structs.replace(had, binding=new.account.licence.binding, epoch=0, hours=0, issuer=0)
