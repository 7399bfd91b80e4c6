"""The vendor's trust list, issuers and people at the desk: everything for which the root's key is needed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from smena import clock
from smena.errors import WrongUsage
from smena.host import files
from smena.host.native import attributes
from smena.keys import beside, times
from smena.keys.certificates import Certificate
from smena.keys.codec import files as carried
from smena.keys.desk import accounts, issuers, listing, people, vault
from smena.keys.desk import desk as desks
from smena.keys.desk.desk import Pending
from smena.keys.desk.making import EARLIER
from smena.keys.desk.people import Person
from smena.keys.primitives import EDWARDS, public_of
from smena.keys.trust import ExchangeKey, TrustList
from smena.service.desk import at
from smena.text import _


class Root(NamedTuple):
    """The file with the root's secret key, and how to open it."""

    path: Path
    passphrase: vault.Passphrase

    def seed(self) -> bytes:
        return vault.read(self.path, "root", self.passphrase)


class Listed(NamedTuple):
    """An issuer, whether it was revoked, and whether its key is at this desk."""

    certificate: Certificate
    revoked: bool
    here: bool


def show(place: Path) -> tuple[TrustList, Pending]:
    with at(place) as desk:
        return desk.trust.list, desks.pending(desk)


def publish(place: Path, root: Root, after: int = 0) -> TrustList:
    """The next list. `after`: the highest number that is known to be out, should the desk come from a backup."""
    seed = root.seed()
    with at(place) as desk:
        return listing.publish(desk, seed, number=max(after, desk.trust.list.number) + 1)


def succeed(place: Path, root: Root, new: Path, passphrase: str) -> TrustList:
    """The next root takes over; its secret key lies in a new file."""
    seed = root.seed()
    with at(place) as desk:
        listing.check_root(desk, seed)
        return listing.succeed(desk, seed, vault.make(new, "root", passphrase))


def new_exchange(place: Path, root: Root, until: int, drop: tuple[int, ...]) -> ExchangeKey:
    seed = root.seed()
    with at(place) as desk:
        return listing.new_exchange(desk, seed, until, drop)


def lose(place: Path, name: str) -> str:
    """A key that counts no more, without a replacement at this desk; with the next list."""
    with at(place) as desk:
        known = accounts.find(desk.store, name)
        with desk.change():
            listing.lose(desk, known.account.public)
            desk.note("key reported lost", known.account.public)
        return known.name


def export(place: Path, target: Path) -> TrustList:
    """The list as a file, for definitions and releases."""
    with at(place) as desk:
        found = desk.trust.list
        head = _("Trust list {number}, realm {realm}", number=found.number, realm=found.realm.hex())
        text = carried.write_trust(beside.content(desk.places.trust), head=head)
        files.write_file(target.absolute(), text.encode("utf-8"), attributes.own(0o644))
        return found


def issuer_list(place: Path) -> list[Listed]:
    with at(place) as desk:
        found = issuers.everyone(desk)
        return [Listed(one, revoked, desk.places.issuer(one.number).exists()) for one, revoked in found]


def issuer_add(place: Path, root: Root, products: tuple[str, ...], span: tuple[int | None, int]) -> Certificate:
    """`span`: from (now, if nobody says), until."""
    seed, start = root.seed(), span[0]
    with at(place) as desk:
        return listing.new_issuer(desk, seed, products, (desk.now - EARLIER if start is None else start, span[1]))


def issuer_revoke(place: Path, number: int, reason: str, root: Root | None) -> bool:
    """At once, if the root is at hand; returns whether it is done."""
    seed = None if root is None else root.seed()
    with at(place) as desk:
        if seed is not None:
            listing.check_root(desk, seed)
        listing.revoke(desk, number, reason)
        if seed is not None:
            listing.publish(desk, seed)
        return seed is not None


def person_key(path: Path, passphrase: str) -> bytes:
    """A secret key of one's own; returns the public half, to be told to the vendor."""
    return public_of(vault.make(path, "person", passphrase))


def person_add(place: Path, name: str, public: str, root: Root) -> Person:
    try:
        key = bytes.fromhex(public)
    except ValueError:
        key = b""
    if len(key) != EDWARDS or not name.strip():
        raise WrongUsage(
            _("“{key}” is not the public half of a person's key", key=public[:80]),
            hint=_("smena desk person key FILE makes one and shows it"),
        )
    seed = root.seed()
    with at(place) as desk:
        listing.check_root(desk, seed)
        return people.add(desk, name.strip(), key, seed)


def person_list(place: Path) -> list[Person]:
    with at(place) as desk:
        return people.everyone(desk)


def person_remove(place: Path, name: str) -> None:
    with at(place) as desk:
        people.remove(desk, name)


def hours_of(day: str) -> int:
    """The end of a day, as 2028-12-31."""
    from datetime import date

    try:
        return (times.days(date.fromisoformat(day)) + 1) * 24
    except ValueError as error:
        raise WrongUsage(_("“{day}” is not a day such as 2028-12-31", day=day)) from error


def in_years(count: int) -> int:
    return times.hours(clock.now()) + count * 365 * 24
