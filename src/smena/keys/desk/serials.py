"""Serial numbers of what was sold: each may be activated so often as was sold, usually once, never on more.

A key that enrols with a serial number has its order at once: the licence that the number stands for. A second computer
needs a second number, or a replacement at the desk.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from smena.errors import SerialUnfit, SerialUsed
from smena.keys import licence, packing
from smena.keys.desk import accounts
from smena.keys.desk.accounts import Known
from smena.keys.desk.desk import Desk
from smena.keys.desk.orders import Draft, Order, base, place
from smena.keys.licence import Licence
from smena.keys.numbers import tidy
from smena.text import Text, _, plain


class Serial(msgspec.Struct, frozen=True, kw_only=True):
    """`wanted` is the licence that it stands for; `allowed` how many keys may have it at a time."""

    serial: str
    wanted: bytes
    customer: str = ""
    allowed: int = 1
    by: str = ""
    at: str = ""

    @property
    def licence(self) -> Licence:
        return licence.read(self.wanted)


def add(desk: Desk, serial: Serial) -> None:
    """Sold. One that is there already is refused."""
    if _find(desk, serial.serial) is not None:
        raise SerialUnfit(_("the serial number {serial} was sold already", serial=serial.serial))
    with desk.change():
        desk.store.write("INSERT INTO serial VALUES (?,?)", serial.serial, msgspec.json.encode(serial))
        desk.note("serial number sold", serial=serial.serial, customer=serial.customer, allowed=serial.allowed)


def everyone(desk: Desk) -> list[Serial]:
    rows = desk.store.all("SELECT about FROM serial ORDER BY serial")
    return [found for row in rows if (found := packing.read(row["about"], Serial)) is not None]


def used(desk: Desk, serial: str) -> list[Known]:
    """The keys that have it now; a replaced one has given it back."""
    return [
        known
        for known in accounts.everyone(desk.store)
        if known.about.serial == serial and known.about.state == "counts"
    ]


def check(desk: Desk, order: str) -> Iterator[Text]:
    """Refuse a number that was never sold, or is used up; nothing is said of an enrolment without one."""
    serial = tidy(order)
    if not serial:
        return
    found = _find(desk, serial)
    if found is None:
        raise SerialUnfit(
            _("the serial number {serial} was never sold here", serial=serial),
            state=_("the key was not enrolled"),
            hint=plain("smena desk serial list"),
        )
    holders = used(desk, serial)
    if len(holders) >= found.allowed:
        raise SerialUsed(
            _("the serial number {serial} is activated already", serial=serial),
            why=[_("by the key {key} of {customer}", key=one.name, customer=one.about.customer) for one in holders],
            state=_("the key was not enrolled"),
            hint=_("replace the old key if its computer is gone: smena desk replace KEY --with NEW --reason WORDS"),
        )
    yield _("activates the serial number {serial}", serial=serial)


def order(desk: Desk, known: Known, at: str) -> Order | None:
    """What the number of a newly enrolled key stands for, as its order."""
    found = _find(desk, known.about.serial) if known.about.serial else None
    if found is None:
        return None
    draft = Draft(known=known, old=base(known.account), wanted=found.licence)
    return place(desk, draft, f"serial number {found.serial}", at)


def _find(desk: Desk, serial: str) -> Serial | None:
    row = desk.store.one("SELECT about FROM serial WHERE serial=?", serial)
    return None if row is None else packing.read(row["about"], Serial)
