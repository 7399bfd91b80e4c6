"""The second person: what needs one, whose agreement counts, and what makes it void. Secret keys in files."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest

from smena import clock
from smena.errors import (
    AccessDenied,
    ApprovalBad,
    ApprovalNeeded,
    DeskThere,
    FileMissing,
    OrderUnfit,
    PassphraseWrong,
    PersonUnknown,
    SeedBad,
    TrustBad,
)
from smena.keys import changes
from smena.keys.desk import orders, people, vault
from smena.keys.desk.orders import Order
from smena.keys.licence import Licence
from smena.keys.primitives import new_seed, public_of, sign
from support.deskworld import DeskWorld, Office, changed
from support.keyworld import SEVEN, SIX


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path, large=50)


@pytest.fixture
def office(world: DeskWorld) -> Office:
    office = Office(world)
    office.exchange()
    return office


def approve(world: DeskWorld, order: Order, seed: bytes) -> Order:
    with world.open("anybody") as desk:
        return orders.approve(desk, orders.get(desk, order.number), seed, clock.stamp())


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (changed(SIX, seats=19), ["something becomes less"]),
        (changed(SIX, components=frozenset({"server"})), ["something becomes less"]),
        (changed(SIX, seats=71), ["more than 50 seats are added at once"]),
        (changed(SIX, seats=None), ["seats are not counted: as many as one likes"]),
        (changed(SIX, module_seats={"studio": 500, "server": 20}), ["more than 50 seats are added at once"]),
        (changed(SIX, seats=70), []),
        (SEVEN, []),
    ],
)
def test_reductions_and_large_grants_need_a_second_person(
    world: DeskWorld, office: Office, wanted: object, why: list[str], tmp_path: Path
) -> None:
    order = world.order(office.key, wanted)  # type: ignore[arg-type]
    with world.open() as desk:
        assert [str(one) for one in orders.second(desk, order)] == why
    question = office.ask()
    if why:
        with pytest.raises(ApprovalNeeded):
            world.answer(question)
        approve(world, order, world.person(tmp_path, "olga"))
    office.apply(world.answer(question).answer)
    assert office.licence == wanted


def test_whoever_placed_the_order_is_no_second_person(world: DeskWorld, office: Office, tmp_path: Path) -> None:
    seed = world.person(tmp_path, "vera")
    with pytest.raises(ApprovalBad):
        approve(world, world.order(office.key, changed(SIX, seats=1)), seed)


def test_a_key_that_the_root_did_not_vouch_for_is_nobodys(world: DeskWorld, office: Office) -> None:
    order = world.order(office.key, changed(SIX, seats=1))
    with pytest.raises(PersonUnknown):
        approve(world, order, new_seed())


def test_a_person_made_up_at_the_desk_counts_nothing(world: DeskWorld, office: Office) -> None:
    order, seed, other = world.order(office.key, changed(SIX, seats=1)), new_seed(), new_seed()
    made_up = people.Person("olga", public_of(seed), 0, sign(other, b"olga"))
    with world.open() as desk:
        desk.store.write("INSERT INTO person VALUES (?,?)", "olga", msgspec.json.encode(made_up))
    with pytest.raises(TrustBad):
        approve(world, order, seed)


def test_an_order_that_was_changed_after_the_agreement_is_not_answered(
    world: DeskWorld, office: Office, tmp_path: Path
) -> None:
    order = world.order(office.key, changed(SIX, seats=10))
    agreed = approve(world, order, world.person(tmp_path, "olga"))
    from smena.keys import licence

    cheat = msgspec.structs.replace(agreed, wanted=licence.canonical(changed(SIX, seats=9_999)))
    with world.open() as desk:
        orders.save(desk, cheat)
    with pytest.raises(ApprovalBad):
        world.answer(office.ask())


def test_the_agreement_of_somebody_who_left_counts_no_more(world: DeskWorld, office: Office, tmp_path: Path) -> None:
    order = world.order(office.key, changed(SIX, seats=10))
    approve(world, order, world.person(tmp_path, "olga"))
    with world.open() as desk:
        people.remove(desk, "olga")
    with pytest.raises(PersonUnknown):
        world.answer(office.ask())


def test_an_order_needs_a_reason_and_a_change(world: DeskWorld, office: Office) -> None:
    for wanted, reason in ((SEVEN, "  "), (office.licence, "nothing")):
        with pytest.raises(OrderUnfit):
            world.order(office.key, wanted, reason)


# --- files with secret keys ----------------------------------------------------------------


def test_a_secret_key_with_a_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    seed = vault.make(path, "root", "correct horse")
    assert vault.read(path, "root", lambda: "correct horse") == seed
    assert seed not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(PassphraseWrong) as error:
        vault.read(path, "root", lambda: "battery staple")
    assert "battery" not in str(error.value.as_dict())


def test_what_is_wrong_with_a_file_is_said_without_its_secret(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    with pytest.raises(FileMissing):
        vault.read(path, "root", str)
    seed = vault.make(path, "root")
    with pytest.raises(DeskThere):
        vault.make(path, "root")
    with pytest.raises(SeedBad):
        vault.read(path, "issuer", str)
    assert seed.hex() not in repr(vault.look(path, "root"))
    path.chmod(0o644)
    with pytest.raises(AccessDenied):
        vault.read(path, "root", str)
    for content in (b"", b"{}", path.read_bytes()[:-20], os.urandom(200)):
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(SeedBad):
            vault.read(path, "root", str)


def test_a_new_key_with_uncounted_seats_needs_a_second_person(world: DeskWorld) -> None:
    """Nobody gives away as many seats as one likes alone, by leaving the number out."""
    fresh = Office(world)
    order = world.order(fresh.key, changed(SIX, seats=None))
    with world.open() as desk:
        assert [str(one) for one in orders.second(desk, order)] == ["seats are not counted: as many as one likes"]
    with pytest.raises(ApprovalNeeded):
        world.answer(fresh.ask())


@pytest.mark.parametrize(
    ("old", "new", "less"),
    [
        (SIX, changed(SIX, seats=None), False),
        (changed(SIX, seats=None), SIX, True),
        (changed(SIX, seats=None), changed(SIX, seats=None), False),
        (SIX, changed(SIX, module_seats={"server": 20}), False),  # the studio shares the total now
        (changed(SIX, module_seats={}), SIX, True),  # and has five of its own again
        (SIX, changed(SIX, module_seats={"server": 20, "studio": 0}), True),
        (SIX, changed(SIX, module_seats={**SIX.module_seats, "batch": 2}), False),
        (changed(SIX, module_seats={"batch": 2}), changed(SIX, module_seats={}), True),
    ],
)
def test_whether_seats_become_fewer(old: Licence, new: Licence, less: bool) -> None:
    assert changes.reduces(old, new) is less
    assert any(one.less for one in changes.changes(old, new)) is less
