"""How long the exchange of licence keys takes, with SoftHSM as the token, beside what the old technology takes.

A token's files lie in memory here (a real token writes to its own), and again on this disk, where every change waits
for the write-out. Medians, and the best, for others work on the machine too. No test: the numbers depend on it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import TypeVar

import msgspec

from smena import clock
from smena.keys import beside, roots, trust
from smena.keys.certificates import Certificate, certify
from smena.keys.codec import qr, typed
from smena.keys.desk import answering as desk_answering
from smena.keys.desk import enrolling, making, orders
from smena.keys.desk.answering import Ask
from smena.keys.desk.desk import Desk, opened
from smena.keys.exchange import account, answering, applying, asking, proving, receiving
from smena.keys.exchange.ports import Key
from smena.keys.licence import Licence
from smena.keys.primitives import agree_public_of, curve_public_of, new_seed, public_of
from smena.keys.tokens import pkcs11, virtual
from smena.keys.tokens.pin import Pin
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Anchor, ExchangeKey, Issuer, Trust, TrustList

ROUNDS = 60
QUESTION_MS, APPLY_MS = 5.0, 30.0
DESK_KEYS, DESK_SINGLE, DESK_GROUP, DESK_RATE = 1100, 100, 100, 1000
PIN = "271828"
NOW = 498_000
LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
LICENCE = Licence(
    product="loginom",
    edition="team",
    components=frozenset({"server", "studio"}),
    majors=frozenset({"6", "7"}),
    seats=20,
    module_seats={f"module-{number}": 20 for number in range(20)},
    maintenance_until=date(2027, 3, 31),
)
OLD = (
    ("a network licence server answers in", "150-200 ms"),
    ("exchanges a second, at most", "5-6"),
    ("clients, about", "100"),
    ("a question has", "24 or 56 bytes"),
)


class Vendor:
    """Seeds, and the list that they make."""

    def __init__(self) -> None:
        self.root, self.issuer, self.exchange = new_seed(), new_seed(), new_seed()
        chain = roots.first(public_of(self.root))
        self.realm = roots.realm_of(chain)
        plain = Certificate(1, public_of(self.issuer), 0, 2 * NOW, ("loginom",))
        self.certificate = certify(plain, self.realm, self.root)
        exchange = ExchangeKey(1, agree_public_of(self.exchange), curve_public_of(self.exchange), 2 * NOW)
        found = TrustList(
            number=1,
            realm=self.realm,
            made=NOW,
            chain=chain,
            demo=True,
            issuers=(Issuer(self.certificate.encode()),),
            exchange=(exchange,),
        )
        self.trust: Trust = trust.accept(Anchor(realm=self.realm, demo=True), trust.seal(found, self.root))

    def answer(self, desk: account.Account, question: bytes, number: int) -> tuple[account.Account, bytes]:
        """One answer, as a desk makes it, without keeping anything."""
        received = receiving.receive(desk, question, self.trust, self.exchange)
        wanted = msgspec.structs.replace(LICENCE, seats=number)
        stamp = answering.Stamp(self.certificate, number, NOW)
        kept, inputs = answering.prepare(received, wanted, stamp)
        return account.signed(kept, inputs, self.issuer)


T = TypeVar("T")
Times = dict[str, list[float]]


def rounds(vendor: Vendor, desk: account.Account, key: Key, *, short: bool) -> tuple[account.Account, Times]:
    """The whole exchange, over and over."""
    times: Times = {}
    for number in range(1, ROUNDS + 1):
        question = timed(times, "question", partial(asking.ask, key, NOW, asking.Wish(typed=short)))
        seats = number + ROUNDS * short
        desk, answer = timed(times, "answer (not yet kept)", partial(vendor.answer, desk, question, seats))
        timed(times, "apply", partial(applying.apply, key, answer, NOW))
        timed(times, "presence (challenge)", partial(proving.present, key))
    return desk, times


def timed(times: Times, name: str, work: Callable[[], T]) -> T:
    began = perf_counter()
    done = work()
    times.setdefault(name, []).append((perf_counter() - began) * 1000)
    return done


def enrolled(vendor: Vendor, key: Key) -> account.Account:
    return receiving.enrolled(asking.enrol(key.token, vendor.realm, NOW), vendor.realm)


def with_softhsm(vendor: Vendor, folder: Path) -> None:
    """A token of its own in this folder."""
    tokens = folder / "tokens"
    tokens.mkdir(parents=True)
    config = folder / "softhsm2.conf"
    config.write_text(f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = str(config)
    pins = ["--so-pin", "314159", "--pin", PIN]
    subprocess.run(["softhsm2-util", "--init-token", "--free", "--label", "s", *pins], check=True, capture_output=True)
    [token] = [found for found in pkcs11.found(str(LIBRARY)) if found.label == "s"]
    spec = pkcs11.Spec(library=str(LIBRARY), serial=token.serial)
    pkcs11.make(folder, spec, vendor.realm, lambda: Pin(PIN))
    with pkcs11.opened(folder, spec, vendor.trust, lambda: Pin(PIN)) as key:
        desk = enrolled(vendor, key)
        for short in (False, True):
            desk, times = rounds(vendor, desk, key, short=short)
            show("typed form" if short else "signed form", times)
        show("of a question, SoftHSM's own part", writing(key))


def writing(key: Key) -> Times:
    """What SoftHSM alone takes to write one object into its files, and to sign."""
    times: Times = {}
    for number in range(ROUNDS):
        content = bytes([number]) * 900
        timed(times, "write an object", partial(key.store.create, content))
        timed(times, "sign", partial(key.token.sign, content))
        key.store.destroy(content)
    return times


class Memory:
    """A store for keys that only ask once."""

    def __init__(self) -> None:
        self.contents: list[bytes] = []

    def read(self) -> list[bytes]:
        return list(self.contents)

    def create(self, content: bytes) -> None:
        self.contents.append(content)

    def destroy(self, content: bytes) -> None:
        self.contents.remove(content)


def at_desk(folder: Path) -> None:
    """Answers a second, durable: store, answer log and audit chain written out. One process."""
    wish = making.Wish(root=folder / "root", products=(LICENCE.product,), by="bench")
    making.make(folder / "desk", wish)
    with opened(folder / "desk", "bench") as desk:
        with desk.change():
            questions = [asked(desk) for _ in range(DESK_KEYS)]
        single, many = questions[:DESK_SINGLE], questions[DESK_SINGLE:]
        began = perf_counter()
        for question in single:
            desk_answering.answer(desk, [Ask(question)])
        alone = len(single) / (perf_counter() - began)
        rates, worked = [], process_time()
        for start in range(0, len(many), DESK_GROUP):
            began = perf_counter()
            group = [Ask(question) for question in many[start : start + DESK_GROUP]]
            desk_answering.answer(desk, group)
            rates.append(len(group) / (perf_counter() - began))
        busy = len(many) / (process_time() - worked)
    sys.stdout.write(f"    answers a second, {DESK_GROUP} in one call{median(rates):8.0f}, at best {max(rates):6.0f}")
    sys.stdout.write(f"   (wanted: {DESK_RATE})\n")
    sys.stdout.write(f"    the same, by the processor's time{busy:11.0f}\n")
    sys.stdout.write(f"    answers a second, one in a call{alone:13.0f}\n")


def asked(desk: Desk) -> bytes:
    """A new key with an order, and its question."""
    key = Key(SeedToken("software", new_seed() + new_seed()), Memory(), beside.read(desk.places.trust))
    now = desk.now
    known = enrolling.enrol(
        desk, asking.enrol(key.token, desk.trust.realm, now), enrolling.Said(customer="bench")
    ).known
    draft = orders.Draft(known=known, old=orders.base(known.account), wanted=LICENCE)
    orders.place(desk, draft, "bench", clock.stamp())
    return asking.ask(key, desk.now)


def codes(times: Times) -> None:
    """Writing and reading what people and cameras carry."""
    message = bytes(range(90))
    for _ in range(ROUNDS):
        timed(times, "QR in the terminal", lambda: qr.terminal(message))
        timed(times, "QR as SVG", lambda: qr.svg(message))
        timed(times, "QR as PNG", lambda: qr.png(message))
        timed(times, "typed groups, read", lambda: typed.read(typed.show(message)))


def show(title: str, times: Times) -> None:
    sys.stdout.write(f"  {title}\n")
    for name, measured in times.items():
        target = {"question": QUESTION_MS, "apply": APPLY_MS}.get(name)
        wish = f"   (wanted: {target:.0f} ms)" if target else ""
        sys.stdout.write(f"    {name:24}{median(measured):8.2f} ms, at best {min(measured):6.2f}{wish}\n")


def main() -> int:
    vendor = Vendor()
    for place, where in (("memory", "/dev/shm"), ("this disk", None)):
        folder = Path(tempfile.mkdtemp(prefix="smena-bench-", dir=where if where and Path(where).is_dir() else None))
        try:
            if LIBRARY.exists():
                sys.stdout.write(f"SoftHSM, its files in {place}\n")
                with_softhsm(vendor, folder)
            virtual.make(folder / "virtual")
            with virtual.opened(folder / "virtual", vendor.trust) as key:
                sys.stdout.write(f"a key in a file, in {place}\n")
                show("signed form", rounds(vendor, enrolled(vendor, key), key, short=False)[1])
            sys.stdout.write(f"a desk, in {place}\n")
            at_desk(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    times: Times = {}
    codes(times)
    show("carriers", times)
    sys.stdout.write("the old technology, as its maker states\n")
    for name, value in OLD:
        sys.stdout.write(f"    {name:38}{value}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
