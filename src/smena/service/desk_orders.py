"""Orders at the desk: looked at before they are placed, agreed to by a second person, dropped; serial numbers sold."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from smena import clock
from smena.errors import OrderUnfit
from smena.keys import licence
from smena.keys.desk import accounts, issuers, orders, recovering, serials, vault, wanted
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Draft, Order
from smena.keys.desk.serials import Serial
from smena.keys.desk.wanted import Said
from smena.keys.licence import BLANK, Licence
from smena.keys.numbers import tidy
from smena.service.desk import at, content_of
from smena.text import Text, _, plain


class Seen(NamedTuple):
    """An order with its key, and why a second person is needed."""

    known: Known
    order: Order
    second: tuple[Text, ...]


class Drafted(NamedTuple):
    draft: Draft
    second: tuple[Text, ...]


class Sold(NamedTuple):
    """A serial number, and the keys that have it."""

    serial: Serial
    keys: tuple[str, ...]


def said_in(path: Path) -> Said:
    """What a file says of the licence that is wanted."""
    return wanted.read(content_of(path), path.name)


def draft(place: Path, key: str, said: Said, *, rebind: bool = False) -> Drafted:
    """What an order would change; nothing is written."""
    with at(place) as desk:
        made = _draft(desk, key, said, rebind=rebind)
        return Drafted(made, tuple(orders.second(desk, made)))


def add(place: Path, key: str, said: Said, reason: str, *, rebind: bool = False) -> Seen:
    with at(place) as desk:
        return _seen(desk, orders.place(desk, _draft(desk, key, said, rebind=rebind), reason, clock.stamp()))


def listed(place: Path, *, everything: bool = False) -> list[Seen]:
    with at(place) as desk:
        found = orders.listed(desk) if everything else orders.listed(desk, "open", "answered")
        return [_seen(desk, order) for order in found]


def show(place: Path, number: int) -> Seen:
    with at(place) as desk:
        return _seen(desk, orders.get(desk, number))


def approve(place: Path, number: int, key: Path, passphrase: vault.Passphrase) -> Seen:
    """A second person agrees. The passphrase is asked for before the desk is opened: people take their time."""
    seed = vault.read(key, "person", passphrase)
    with at(place) as desk:
        return _seen(desk, orders.approve(desk, orders.get(desk, number), seed, clock.stamp()))


def drop(place: Path, number: int, reason: str) -> Seen:
    with at(place) as desk:
        return _seen(desk, orders.drop(desk, orders.get(desk, number), reason))


def sell(place: Path, serial: str, said: Said, customer: str, allowed: int) -> Serial:
    """A serial number that a customer may activate."""
    with at(place) as desk:
        number = tidy(serial)
        if not number:
            raise OrderUnfit(_("a serial number needs letters or digits"))
        licence_wanted = licence.canonical(wanted.licence_of(BLANK, _with_product(desk, BLANK, said)))
        sold = Serial(
            serial=number, wanted=licence_wanted, customer=customer, allowed=allowed, by=desk.by, at=clock.stamp()
        )
        serials.add(desk, sold)
        return sold


def sold(place: Path) -> list[Sold]:
    with at(place) as desk:
        return [
            Sold(one, tuple(known.name for known in serials.used(desk, one.serial))) for one in serials.everyone(desk)
        ]


def _draft(desk: Desk, key: str, said: Said, *, rebind: bool) -> Draft:
    desk.ready()
    known = accounts.find(desk.store, key)
    recovering.refuse_behind(desk, known.account.public)
    if known.about.state == "replaced":
        raise OrderUnfit(_("the key {key} was replaced", key=known.name), state=_("nothing was changed"))
    old = orders.base(known.account)
    before = licence.read(old)
    return Draft(
        known=known, old=old, wanted=wanted.licence_of(before, _with_product(desk, before, said)), rebind=rebind
    )


def _with_product(desk: Desk, before: Licence, said: Said) -> Said:
    """A key without a product gets the only one that there is, if nobody said which."""
    if before.product or "product" in said:
        return said
    products = {name for one, revoked in issuers.everyone(desk) if not revoked for name in one.products}
    if len(products) != 1:
        raise OrderUnfit(
            _("this is for a key without a product, so the order has to say which one it is for"),
            why=[_("there are: {names}", names=", ".join(sorted(products)))],
            hint=_("give --product PRODUCT"),
        )
    return {**said, "product": products.pop()}


def _seen(desk: Desk, order: Order) -> Seen:
    known = accounts.of(desk.store, order.public)
    if known is None:
        raise OrderUnfit(
            _("the desk knows no key of order {number}", number=order.number), hint=plain("smena desk audit")
        )
    return Seen(known, order, tuple(orders.second(desk, order)))
