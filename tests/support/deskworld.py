"""A vendor's desk in a folder, and customers whose keys are in memory: real signatures, real files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock
from smena.keys import beside, times
from smena.keys.codec import messages
from smena.keys.desk import accounts, answering, confirming, enrolling, making, orders, people, receiving, vault
from smena.keys.desk.answering import Ask, Given
from smena.keys.desk.desk import Desk, opened
from smena.keys.desk.orders import Draft, Order
from smena.keys.exchange import applying, asking, reading
from smena.keys.exchange.ports import Key, shown_id
from smena.keys.licence import Licence
from smena.keys.primitives import new_seed, public_of
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Anchor, accept
from support.keyworld import SIX, MemoryStore, plain

NOW = times.hours(clock.now())


class DeskWorld:
    """The desk. Each deed opens it anew, as each command does."""

    def __init__(self, folder: Path, *, demo: bool = True, large: int = 100) -> None:
        self.folder = folder / "desk"
        self.root_file = folder / "root.key"
        wish = making.Wish(root=self.root_file, products=("loginom",), by="vera", demo=demo, large=large)
        self.realm = making.make(self.folder, wish).realm
        self.demo = demo

    @contextmanager
    def open(self, by: str = "vera", now: int = NOW) -> Iterator[Desk]:
        with opened(self.folder, by, now) as desk:
            yield desk

    @property
    def root(self) -> bytes:
        return vault.read(self.root_file, "root", str)

    def sealed(self) -> bytes:
        return beside.content(self.folder / "trust")

    def enrol(self, enrolment: bytes, customer: str = "ACME") -> enrolling.Enrolled:
        with self.open() as desk:
            return enrolling.enrol(desk, enrolment, enrolling.Said(customer=customer, mail="it@acme.example"))

    def order(self, key: Key, wanted: Licence = SIX, reason: str = "invoice 1207", *, rebind: bool = False) -> Order:
        with self.open() as desk:
            known = known_of(desk, key)
            old = orders.base(known.account)
            return orders.place(desk, Draft(known=known, old=old, wanted=wanted, rebind=rebind), reason, clock.stamp())

    def receive(self, question: bytes) -> receiving.Seen:
        with self.open() as desk:
            return receiving.receive(desk, question)

    def answer(self, question: bytes, order: int = 0, now: int = NOW) -> Given:
        with self.open(now=now) as desk:
            return answering.answer(desk, [Ask(question, order)])[0]

    def confirm(self, confirmation: bytes) -> confirming.Confirmed:
        with self.open() as desk:
            return confirming.confirm(desk, confirmation)

    def person(self, folder: Path, name: str) -> bytes:
        """Somebody who may agree; returns their secret."""
        seed = vault.make(folder / f"{name}.key", "person")
        with self.open() as desk:
            people.add(desk, name, public_of(seed), self.root)
        return seed


class Office:
    """A customer with one key."""

    def __init__(self, world: DeskWorld, kind: str = "software", *, order: str = "", enrol: bool = True) -> None:
        self.world = world
        anchor = Anchor(realm=world.realm, demo=world.demo)
        token = SeedToken(kind, new_seed() + new_seed())
        self.key = Key(token, MemoryStore(), accept(anchor, world.sealed()))
        self.enrolment = asking.enrol(token, world.realm, NOW, order)
        if enrol:
            world.enrol(self.enrolment)

    @property
    def name(self) -> str:
        return shown_id(self.key.token.identity().key_id)

    @property
    def store(self) -> MemoryStore:
        assert isinstance(self.key.store, MemoryStore)
        return self.key.store

    def believe(self) -> None:
        """Take the desk's newest trust list."""
        self.key = Key(self.key.token, self.key.store, accept(self.key.trust.anchor, self.world.sealed()))

    def ask(self, *, typed: bool = False, op: messages.Op = messages.Op.UPDATE, binding: bytes = b"") -> bytes:
        return asking.ask(self.key, NOW, asking.Wish(op=op, typed=typed, binding=binding))

    def cancel(self) -> None:
        asking.cancel(self.key)

    def apply(self, answer: bytes) -> bytes:
        return applying.apply(self.key, answer, NOW)

    def exchange(self, wanted: Licence = SIX) -> Given:
        """The whole of it, as it should go."""
        self.world.order(self.key, wanted)
        given = self.world.answer(self.ask())
        self.world.confirm(self.apply(given.answer))
        return given

    @property
    def licence(self) -> Licence:
        return plain(reading.read(self.key).licence)


def known_of(desk: Desk, key: Key) -> accounts.Known:
    known = accounts.of(desk.store, key.token.identity().public)
    assert known is not None
    return known


def changed(licence: Licence, **fields: object) -> Licence:
    return msgspec.structs.replace(licence, **fields)
