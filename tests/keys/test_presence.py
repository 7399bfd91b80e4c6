"""The gate asks keys to prove themselves; where a person gave the PIN, the proof lasts a day and no forgery does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from smena import clock
from smena.errors import KeyProofBad, PinNeeded, TokenFailed, TokenMissing
from smena.keys import presence, record, ring, times
from smena.keys.exchange import applying, asking
from smena.keys.pins import Pins
from smena.keys.presence import Present, Proof
from smena.keys.ring import About, New, Place
from smena.keys.tokens import pkcs11, virtual
from smena.keys.tokens.kinds import Ask, Keep
from smena.keys.tokens.pin import Pin
from support.keycustomer import Office
from support.keyworld import SEVEN, Desk
from support.softhsm import PIN, SoftHsm

ASKED = Pins(ask=lambda _name: Pin(PIN))


@pytest.fixture
def token(quick: Path, hsm: SoftHsm) -> Place:
    """A hardware key with a licence for version 7."""
    office = Office()
    keep = Keep(kind=pkcs11.KIND, token=hsm.spec)
    new = New(
        name="usb",
        keep=keep,
        about=About(product="loginom"),
        anchor=office.vendor.anchor(),
        trust=office.vendor.sealed(),
    )
    realm = office.vendor.realm
    place = ring.add(quick, new, lambda folder: pkcs11.make(folder, hsm.spec, realm, hsm.source()))
    now = times.hours(clock.now())
    with ring.opened(place, Ask(pin=hsm.source())) as key:
        desk = Desk(office.vendor, asking.enrol(key.token, realm, now))
        desk.now = now
        applying.apply(key, desk.answer(asking.ask(key, now), SEVEN), now)
    return place


def only(home: Path, pins: Pins | None = None) -> Present:
    (found,) = presence.all_of(home, "loginom", pins)
    return found


def home_of(place: Place) -> Path:
    return place.folder.parent.parent


def test_a_persons_pin_is_asked_for_once_and_the_run_goes_on_without_it(token: Place) -> None:
    home = home_of(token)
    without = only(home)
    assert isinstance(without.troubles[0], PinNeeded)
    proven = only(home, ASKED)
    assert proven.counts
    later = only(home)
    assert later.counts
    assert later.held is not None
    assert later.held.licence.majors == SEVEN.majors
    assert later.demo


def test_the_proof_lasts_a_day(token: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    only(home_of(token), ASKED)
    real = clock.now()
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=23))
    assert only(home_of(token)).counts
    monkeypatch.setattr(clock, "now", lambda: real + timedelta(hours=26))
    assert isinstance(only(home_of(token)).troubles[0], PinNeeded)


def test_without_the_token_the_proof_is_worth_nothing(token: Place, hsm: SoftHsm) -> None:
    only(home_of(token), ASKED)
    hsm.pull_out()
    try:
        found = only(home_of(token))
    finally:
        hsm.put_in()
    assert isinstance(found.troubles[0], TokenMissing | TokenFailed)


def test_another_record_of_the_same_token_is_not_what_was_proven(token: Place) -> None:
    """Genuine as it is: such as the one from before a reduction."""
    only(home_of(token), ASKED)
    path = token.folder / "proof.json"
    proof = msgspec.json.decode(path.read_bytes(), type=Proof)
    other = record.next_of(record.decode(proof.record)).encode()
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(proof, record=other)))
    assert isinstance(only(home_of(token)).troubles[0], KeyProofBad)


@pytest.mark.parametrize("part", ["hours", "salt", "signature"])
def test_a_changed_proof_is_found_out(token: Place, part: str) -> None:
    only(home_of(token), ASKED)
    path = token.folder / "proof.json"
    proof = msgspec.json.decode(path.read_bytes(), type=Proof)
    value = getattr(proof, part)
    other = value - 1 if isinstance(value, int) else bytes([value[0] ^ 1]) + value[1:]
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(proof, **{part: other})))
    found = only(home_of(token))
    assert isinstance(found.troubles[0], KeyProofBad)
    assert not found.counts


def test_an_interrupted_adding_goes_on(quick: Path) -> None:
    office = Office()
    keep = Keep(kind=virtual.KIND)
    anchor, trust = office.vendor.anchor(), office.vendor.sealed()
    new = New(name="main", keep=keep, about=About(product="loginom"), anchor=anchor, trust=trust)

    def dying(folder: Path) -> None:
        virtual.make(folder)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ring.add(quick, new, dying)
    assert ring.names(quick) == []
    secret = (quick / "keys/main/secret").read_bytes()
    assert ring.add(quick, new, virtual.make).name == "main"
    assert (quick / "keys/main/secret").read_bytes() == secret
