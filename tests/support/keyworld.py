"""A vendor with a desk, and customers with keys: real signatures, real files, made anew for each test."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec

from smena.keys import roots, trust
from smena.keys.certificates import Certificate, certify
from smena.keys.codec import messages
from smena.keys.exchange import account, answering, asking, confirming, receiving
from smena.keys.exchange.account import Account
from smena.keys.exchange.ports import Key, StateStore, Token
from smena.keys.licence import Licence
from smena.keys.primitives import agree_public_of, curve_public_of, digest, new_seed, public_of
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Anchor, ExchangeKey, Issuer, Trust, TrustList

NOW = 498_000
"""An hour in October 2026."""
YEAR = 365 * 24

SIX = Licence(
    product="loginom",
    edition="team",
    components=frozenset({"server", "studio"}),
    majors=frozenset({"6"}),
    seats=20,
    module_seats={"studio": 5, "server": 20},
    maintenance_until=date(2027, 3, 31),
)
SEVEN = msgspec.structs.replace(SIX, majors=frozenset({"6", "7"}), seats=25)
LESS = msgspec.structs.replace(SIX, seats=3)

PARTS = {
    "machine": "3d1219c7c4c5404aaa1f6d2a48adfda4",
    "board": "pf2k9x7q",
    "disk": "s5gxnf0r812345",
    "network": "a4:bb:6d:01:02:03",
    "firmware": "4c4c4544-0042-3510-8058-b4c04f4d3532",
}
"""A computer all of whose parts have names."""


class Vendor:
    """The root and what it signs."""

    def __init__(self, *, demo: bool = False) -> None:
        self.root = new_seed()
        self.issuer, self.exchange = new_seed(), new_seed()
        self.chain = roots.first(public_of(self.root))
        self.realm = roots.realm_of(self.chain)
        self.demo = demo
        self.list = TrustList(
            number=1,
            realm=self.realm,
            made=NOW,
            chain=self.chain,
            demo=demo,
            issuers=(Issuer(self.certificate().encode()),),
            exchange=(self.exchange_key(1, self.exchange),),
        )

    def certificate(self, number: int = 1, seed: bytes = b"", **changes: object) -> Certificate:
        plain = Certificate(number, public_of(seed or self.issuer), NOW - YEAR, NOW + YEAR, ("loginom",))
        return certify(msgspec.structs.replace(plain, **changes), self.realm, self.root)

    def exchange_key(self, number: int, seed: bytes) -> ExchangeKey:
        return ExchangeKey(number, agree_public_of(seed), curve_public_of(seed), NOW + YEAR)

    def sealed(self, **changes: object) -> bytes:
        """The next list, as bytes."""
        if changes:
            self.list = msgspec.structs.replace(self.list, number=self.list.number + 1, **changes)
        return trust.seal(self.list, self.root)

    def trust(self, **changes: object) -> Trust:
        return trust.accept(self.anchor(), self.sealed(**changes))

    def anchor(self) -> Anchor:
        return Anchor(realm=self.realm, demo=self.demo)


class Desk:
    """What the vendor knows of one key."""

    def __init__(self, vendor: Vendor, enrolment: bytes) -> None:
        self.vendor = vendor
        self.account: Account = receiving.enrolled(enrolment, vendor.realm)
        self.serial = 100
        self.now = NOW

    def receive(self, question: bytes) -> receiving.Received:
        received = receiving.receive(self.account, question, self.vendor.trust(), self.vendor.exchange)
        self.account = received.account
        return received

    def answer(self, question: bytes, wanted: Licence = SIX) -> bytes:
        self.serial += 1
        stamp = answering.Stamp(self.vendor.certificate(), self.serial, self.now)
        self.account, inputs = answering.prepare(self.receive(question), wanted, stamp)
        self.account, answer = account.signed(self.account, inputs, self.vendor.issuer)
        return answer

    def confirm(self, confirmation: bytes) -> None:
        self.account = confirming.confirm(self.account, confirmation, self.vendor.exchange)


class MemoryStore:
    """A store in memory, which can be copied and put back: what a thief or an accident does."""

    def __init__(self, room: int = 10) -> None:
        self.contents: list[bytes] = []
        self.room = room

    def read(self) -> list[bytes]:
        return list(self.contents)

    def create(self, content: bytes) -> None:
        from smena.errors import TokenFull
        from smena.text import _

        if len(self.contents) >= self.room:
            raise TokenFull(_("there is no room for the new licence"))
        self.contents.append(content)

    def destroy(self, content: bytes) -> None:
        if content in self.contents:
            self.contents.remove(content)


class Customer:
    """One key in use, and the desk that knows it."""

    def __init__(self, vendor: Vendor, token: Token | None = None, store: StateStore | None = None) -> None:
        self.vendor = vendor
        self.key = Key(token or SeedToken("virtual", new_seed() + new_seed()), store or MemoryStore(), vendor.trust())
        self.desk = Desk(vendor, asking.enrol(self.key.token, vendor.realm, NOW))
        self.now = NOW

    @property
    def store(self) -> MemoryStore:
        assert isinstance(self.key.store, MemoryStore)
        return self.key.store

    def believe(self, found: Trust) -> None:
        """Use a newer trust list."""
        self.key = Key(self.key.token, self.key.store, found)

    def ask(self, *, typed: bool = False, op: messages.Op = messages.Op.UPDATE) -> bytes:
        return asking.ask(self.key, self.now, asking.Wish(op=op, typed=typed))

    def apply(self, answer: bytes) -> bytes:
        from smena.keys.exchange import applying

        return applying.apply(self.key, answer, self.now)

    def exchange(self, wanted: Licence = SIX) -> bytes:
        """The whole of it, as it should go. Returns the answer."""
        answer = self.desk.answer(self.ask(), wanted)
        self.desk.confirm(self.apply(answer))
        return answer

    @property
    def licence(self) -> Licence:
        from smena.keys.exchange import reading

        return reading.read(self.key).licence


def plain(licence: Licence) -> Licence:
    """What was ordered, without what the answer added."""
    return msgspec.structs.replace(licence, epoch=0, hours=0, issuer=0, binding=b"")


def state_of(folder: Path) -> dict[str, str]:
    """Name → hash of every file, to see that nothing changed."""
    return {path.name: digest(path.read_bytes()).hex() for path in sorted(folder.iterdir()) if path.is_file()}
