"""Trust lists, issuers, roots, exchange keys; keys that are replaced, and serial numbers that are activated."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena import clock
from smena.errors import (
    AnswerOther,
    DeskMissing,
    DeskThere,
    IssuerExpired,
    IssuerUnfit,
    KeyCloned,
    KeyLost,
    OrderUnfit,
    QuestionForged,
    SeedBad,
    SerialUnfit,
    SerialUsed,
    WrongUsage,
)
from smena.keys import licence
from smena.keys.desk import accounts, audit, desk, issuers, listing, making, orders, replacing, serials, vault
from smena.keys.desk.replacing import Replaced
from smena.keys.desk.serials import Serial
from smena.keys.exchange import proving, reading
from smena.keys.licence import BLANK
from smena.keys.numbers import tidy
from smena.keys.primitives import public_of
from smena.service import desk_trust
from support.deskworld import NOW, DeskWorld, Office, known_of
from support.keyworld import SEVEN, SIX, YEAR


@pytest.fixture
def office(world: DeskWorld) -> Office:
    office = Office(world)
    office.exchange()
    return office


def new_issuer(world: DeskWorld, *, start: int = NOW - 24, until: int = NOW + YEAR, product: str = "loginom") -> int:
    with world.open() as opened:
        return listing.new_issuer(opened, world.root, (product,), (start, until)).number


def revoke(world: DeskWorld, number: int) -> None:
    with world.open() as opened:
        listing.revoke(opened, number, "stolen")
        listing.publish(opened, world.root)


def test_a_desk_is_made_once_and_found(world: DeskWorld, tmp_path: Path) -> None:
    with pytest.raises(DeskThere):
        making.make(world.folder, making.Wish(root=tmp_path / "other.key", products=("loginom",)))
    assert not (tmp_path / "other.key").exists()
    inside = tmp_path / "new" / "root.key"
    with pytest.raises(WrongUsage):
        making.make(tmp_path / "new", making.Wish(root=inside, products=("loginom",)))
    with pytest.raises(DeskMissing), desk.opened(tmp_path / "nowhere", "vera"):
        pass


def test_no_secret_lies_in_the_desks_store_or_log(world: DeskWorld, office: Office) -> None:
    secrets = [world.root, vault.read(world.folder / "seeds/issuer-1", "issuer", str)]
    assert office.licence == SIX
    for path in (world.folder / "desk.sqlite", world.folder / "answers.log", world.folder / "trust/trust"):
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content or secret.hex().encode() in content]
        assert (world.folder / "seeds/issuer-1").stat().st_mode & 0o077 == 0


def test_the_newest_issuer_answers(world: DeskWorld, office: Office) -> None:
    new_issuer(world, product="other")
    number = new_issuer(world)
    office.believe()
    assert office.exchange(SEVEN).new.issuer == number == 3


def test_a_promise_is_kept_by_the_issuer_who_made_it(world: DeskWorld, office: Office) -> None:
    world.order(office.key, SEVEN)
    world.answer(office.ask())
    new_issuer(world)
    office.cancel()
    assert world.answer(office.ask()).new.issuer == 1


def test_a_revoked_issuers_promise_is_taken_back(world: DeskWorld, office: Office) -> None:
    world.order(office.key, SEVEN)
    question = office.ask()
    old = world.answer(question)
    number = new_issuer(world)
    revoke(world, 1)
    office.believe()
    fresh = world.answer(question)
    assert (fresh.new.issuer, fresh.order) == (number, old.order)
    office.apply(fresh.answer)
    assert reading.objections(office.key, reading.read(office.key), NOW) == ()


def test_two_different_states_of_one_number_are_a_clone(world: DeskWorld, office: Office) -> None:
    """One copy of the key took the answer of an issuer who was then revoked, the other the answer that replaced it."""
    copy = list(office.store.contents)
    world.order(office.key, SEVEN)
    office.apply(world.answer(office.ask()).answer)
    first = list(office.store.contents)
    new_issuer(world)
    revoke(world, 1)
    office.believe()
    office.store.contents = copy
    world.confirm(office.apply(world.answer(office.ask()).answer))
    second, office.store.contents = list(office.store.contents), first
    with pytest.raises(KeyCloned) as error:
        world.receive(office.ask())
    assert "replace the key" in str(error.value.hint)
    with world.open() as opened:
        last = audit.entries(opened.store, 1)[0]
    assert (last.what, last.said["code"]) == ("question refused", "key-cloned")
    office.store.contents = second
    assert world.receive(office.ask()).received.account.licence.epoch == 2


def test_without_an_issuer_nothing_is_answered(world: DeskWorld, office: Office) -> None:
    world.order(office.key, SEVEN)
    with pytest.raises(IssuerUnfit):
        world.answer(office.ask(), now=NOW + 3 * YEAR)
    revoke(world, 1)
    with pytest.raises(IssuerUnfit):
        world.answer(office.ask())
    with world.open() as opened:
        assert issuers.is_revoked(opened, 1)


def test_an_answer_of_an_issuer_whose_time_is_over_is_not_made_again(world: DeskWorld, office: Office) -> None:
    world.order(office.key, SEVEN)
    question = office.ask()
    world.answer(question)
    with pytest.raises(IssuerExpired):
        world.answer(question, now=NOW + 3 * YEAR)


def test_what_waits_for_the_root_is_in_the_next_list(world: DeskWorld, office: Office) -> None:
    with world.open() as opened:
        listing.revoke(opened, 1, "stolen")
        with opened.change():
            listing.lose(opened, office.key.token.identity().public)
        assert opened.trust.list.number == 1
    with world.open() as opened:
        assert desk.pending(opened).revoked == (1,)
        made = listing.publish(opened, world.root)
    assert (made.number, made.issuers[0].revoked, len(made.lost)) == (2, True, 1)
    office.believe()
    assert office.key.trust.is_lost(office.key.token.identity().public)
    with world.open() as opened:
        assert desk.pending(opened) == desk.Pending()


def test_a_number_that_is_out_already_is_passed_over(world: DeskWorld) -> None:
    root = desk_trust.Root(world.root_file, str)
    assert desk_trust.publish(world.folder, root, after=7).number == 8


def test_the_next_root_takes_over(world: DeskWorld, office: Office, tmp_path: Path) -> None:
    old = desk_trust.Root(world.root_file, str)
    desk_trust.succeed(world.folder, old, tmp_path / "next.key", "")
    with pytest.raises(SeedBad):
        desk_trust.publish(world.folder, old)
    world.root_file = tmp_path / "next.key"
    number = new_issuer(world)
    office.believe()
    assert len(office.key.trust.list.chain) == 2
    assert office.exchange(SEVEN).new.issuer == number
    assert proving.present(office.key).licence.seats == 25


def test_a_stolen_exchange_key_is_dropped(world: DeskWorld, office: Office) -> None:
    question = office.ask(typed=True)
    root = desk_trust.Root(world.root_file, str)
    made = desk_trust.new_exchange(world.folder, root, NOW + YEAR, (1,))
    assert made.number == 2
    with pytest.raises(QuestionForged):
        world.receive(question)
    office.believe()
    office.cancel()
    assert world.receive(office.ask(typed=True)).question.exchange == 2


def test_somebody_elses_root_signs_nothing(world: DeskWorld, tmp_path: Path) -> None:
    vault.make(tmp_path / "mallory.key", "root")
    root = desk_trust.Root(tmp_path / "mallory.key", str)
    for deed in (
        lambda: desk_trust.publish(world.folder, root),
        lambda: desk_trust.issuer_add(world.folder, root, ("loginom",), (None, NOW + YEAR)),
        lambda: desk_trust.issuer_revoke(world.folder, 1, "x", root),
        lambda: desk_trust.person_add(world.folder, "m", public_of(b"x" * 32).hex(), root),
        lambda: desk_trust.succeed(world.folder, root, tmp_path / "n.key", ""),
    ):
        with pytest.raises(SeedBad):
            deed()
    assert not (tmp_path / "n.key").exists()
    assert desk_trust.show(world.folder)[0].number == 1


# --- keys that are replaced -----------------------------------------------------------------


def replace(world: DeskWorld, old: Office, new: Office | None) -> Replaced:
    with world.open() as opened:
        instead = None if new is None else known_of(opened, new.key)
        return replacing.replace(opened, known_of(opened, old.key), "lost", "left in the train", instead)


def test_a_lost_key_counts_no_more_and_another_takes_its_place(world: DeskWorld, office: Office) -> None:
    other = Office(world)
    done = replace(world, office, other)
    with pytest.raises(KeyLost):
        world.receive(office.ask())
    assert done.order is not None
    other.apply(world.answer(other.ask(), done.order.number).answer)
    assert other.licence == SIX
    with pytest.raises(OrderUnfit):
        replace(world, office, None)
    with world.open() as opened:
        made = listing.publish(opened, world.root)
        assert known_of(opened, other.key).about.customer == "ACME"
    assert len(made.lost) == 1


def test_a_key_with_a_licence_takes_nobodys_place(world: DeskWorld, office: Office) -> None:
    other = Office(world)
    other.exchange()
    with pytest.raises(OrderUnfit):
        replace(world, office, other)
    with pytest.raises(OrderUnfit):
        replace(world, office, office)
    office.exchange(SEVEN)


def test_an_answer_on_its_way_to_a_replaced_key_goes_to_the_new_one(world: DeskWorld, office: Office) -> None:
    """The customer has paid for it; and the old key is out of the world with the next list."""
    world.order(office.key, SEVEN)
    world.answer(office.ask())
    other = Office(world)
    replace(world, office, other)
    other.apply(world.answer(other.ask()).answer)
    assert other.licence == SEVEN


# --- serial numbers ---------------------------------------------------------------------------


def sell(world: DeskWorld, number: str, allowed: int = 1) -> None:
    with world.open() as opened:
        wanted = licence.canonical(SIX)
        serials.add(opened, Serial(serial=tidy(number), wanted=wanted, allowed=allowed, at=clock.stamp()))


def test_a_serial_number_is_activated_once(world: DeskWorld) -> None:
    sell(world, "AB12-CD34")
    office = Office(world, order="ab12 cd34")
    office.apply(world.answer(office.ask()).answer)
    assert office.licence == SIX
    with pytest.raises(SerialUsed) as error:
        Office(world, order="AB12CD34")
    assert office.name in str(error.value.why[0])
    with world.open() as opened:
        assert len(accounts.everyone(opened.store)) == 1


def test_a_number_that_was_never_sold_activates_nothing(world: DeskWorld) -> None:
    with pytest.raises(SerialUnfit):
        Office(world, order="NONE")


def test_the_vendor_may_allow_more(world: DeskWorld) -> None:
    sell(world, "X1", allowed=2)
    for _ in range(2):
        office = Office(world, order="x1")
        with world.open() as opened:
            [order] = orders.of(opened, office.key.token.identity().public)
        assert order.after == SIX
    with pytest.raises(SerialUsed):
        Office(world, order="x1")
    with pytest.raises(SerialUnfit):
        sell(world, "x-1")


def test_a_replaced_computer_gives_its_number_back(world: DeskWorld) -> None:
    sell(world, "X1")
    office = Office(world, order="X1")
    office.apply(world.answer(office.ask()).answer)
    replace(world, office, None)
    other = Office(world, order="X1")
    assert other.licence == BLANK
    other.apply(world.answer(other.ask()).answer)
    assert other.licence == SIX


def test_an_answer_for_one_key_is_none_for_another(world: DeskWorld, office: Office) -> None:
    other = Office(world)
    world.order(other.key, SEVEN)
    given = world.answer(other.ask())
    office.ask()
    with pytest.raises(AnswerOther):
        office.apply(given.answer)
