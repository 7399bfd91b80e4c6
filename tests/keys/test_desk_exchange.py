"""The desk's half of the exchange: orders and questions in, answers out, confirmations in."""

from __future__ import annotations

import shutil
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from smena import clock
from smena.errors import (
    ClockBehind,
    ConfirmationBad,
    ConfirmationUnsigned,
    KeyBehind,
    KeyStateUnknown,
    KeyTaken,
    KeyUnknown,
    OrderUnfit,
    OrderUnknown,
    OrderWaits,
    QuestionForged,
    QuestionPast,
    RealmOther,
)
from smena.keys.codec import files, typed
from smena.keys.codec.messages import Op
from smena.keys.desk import accounts, answering, audit, letters, orders, receiving
from smena.keys.desk.answering import Ask
from smena.keys.exchange import applying
from smena.keys.parts import hints
from support.deskworld import NOW, DeskWorld, Office, changed, known_of
from support.keyworld import SEVEN, SIX


def said(world: DeskWorld) -> list[str]:
    """What the audit chain tells."""
    with world.open() as desk:
        return [entry.what for entry in audit.entries(desk.store)]


def test_the_whole_round(world: DeskWorld, office: Office) -> None:
    order = world.order(office.key)
    question = office.ask()
    seen = world.receive(question)
    assert (seen.known.name, seen.odd, [one.number for one in seen.orders]) == (office.name, (), [order.number])
    given = world.answer(question)
    confirmed = world.confirm(office.apply(given.answer))
    assert office.licence == SIX
    assert (confirmed.again, confirmed.account.licence.epoch) == (False, 1)
    with world.open() as desk:
        assert orders.get(desk, order.number).state == "done"
        assert receiving.open_questions(desk) == []
    assert said(world) == ["desk made", "key enrolled", "order placed", "question received", "answered", "confirmed"]


def test_the_same_question_gets_the_same_bytes(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    question = office.ask()
    first, again = world.answer(question), world.answer(question, now=NOW + 5)
    assert (again.answer, again.head, again.again) == (first.answer, first.head, True)


def test_cancelled_and_asked_anew_at_the_same_epoch(world: DeskWorld, office: Office) -> None:
    """The key may have applied the first answer: only the very same state is promised once more."""
    world.order(office.key)
    first = world.answer(office.ask())
    office.cancel()
    world.order(office.key, SEVEN)  # placed on what was promised; it has to wait
    second = world.answer(office.ask(), now=NOW + 1)
    assert second.answer != first.answer
    assert second.new == first.new
    office.apply(second.answer)
    assert office.licence == SIX
    assert world.answer(office.ask()).order == 2


def test_another_order_waits_until_the_epoch_moves(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    world.answer(office.ask())
    second = world.order(office.key, SEVEN)
    office.cancel()
    with pytest.raises(OrderWaits):
        world.answer(office.ask(), second.number)


def test_the_order_changes_between_question_and_answer(world: DeskWorld, office: Office) -> None:
    """What was received does not bind the desk: the order of the moment is answered, and only once."""
    first = world.order(office.key)
    question = office.ask()
    assert [one.number for one in world.receive(question).orders] == [first.number]
    with world.open() as desk:
        orders.drop(desk, orders.get(desk, first.number), "typing error")
    with pytest.raises(OrderUnknown):
        world.answer(question)
    world.order(office.key, SEVEN)
    office.apply(world.answer(question).answer)
    assert office.licence == SEVEN


def test_an_order_on_an_old_state_is_not_answered(world: DeskWorld, office: Office) -> None:
    """Two orders made at once must not undo one another."""
    first = world.order(office.key)
    second = world.order(office.key, SEVEN)
    world.confirm(office.apply(world.answer(office.ask(), first.number).answer))
    with pytest.raises(OrderUnfit) as error:
        world.answer(office.ask(), second.number)
    assert "does not hold what it held" in str(error.value)


def test_several_orders_need_a_choice(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    second = world.order(office.key, SEVEN)
    question = office.ask()
    with pytest.raises(OrderUnfit) as error:
        world.answer(question)
    assert "1, 2" in str(error.value)
    assert world.answer(question, second.number).order == second.number


def test_a_lost_confirmation_heals_at_the_next_question(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    office.apply(world.answer(office.ask()).answer)
    seen = world.receive(office.ask())
    assert seen.received.healed
    with world.open() as desk:
        assert orders.get(desk, 1).state == "done"
        assert known_of(desk, office.key).account.licence.epoch == 1


def test_the_confirmation_again_changes_nothing(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    confirmation = office.apply(world.answer(office.ask()).answer)
    world.confirm(confirmation)
    before = said(world)
    assert world.confirm(confirmation).again
    assert said(world) == before


def test_confirmations_find_their_key(world: DeskWorld) -> None:
    """They name none; equal licences of several keys have different states all the same, or a proof that fits one."""
    offices = [Office(world) for _ in range(3)]
    for office in offices:
        world.order(office.key)
    with world.open() as desk:
        given = answering.answer(desk, [Ask(office.ask()) for office in offices])
    for office, one in zip(offices, given, strict=True):
        assert world.confirm(office.apply(one.answer)).known.name == office.name
    with pytest.raises(ConfirmationBad):
        world.confirm(b"\x13\0\0\1\1" + bytes(68))


def test_typed_all_the_way(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    question = typed.read(typed.show(office.ask(typed=True)))
    seen = world.receive(question)
    assert any("short one" in str(one) for one in seen.odd)
    office.apply(typed.read(typed.show(world.answer(question).answer)))
    code = applying.confirmation(office.key, NOW, typed=True)
    assert len(code) == 17
    assert world.confirm(typed.read(typed.show(code))).account.proof == "typed"


def test_a_typed_code_does_not_confirm_a_reduction(world: DeskWorld, tmp_path: Path) -> None:
    office = Office(world)
    office.exchange()
    seed = world.person(tmp_path, "olga")
    less = world.order(office.key, changed(SIX, seats=3))
    with world.open() as desk:
        orders.approve(desk, orders.get(desk, less.number), seed, clock.stamp())
    signed = office.apply(world.answer(office.ask()).answer)
    with pytest.raises(ConfirmationUnsigned):
        world.confirm(applying.confirmation(office.key, NOW, typed=True))
    assert world.confirm(signed).account.proof == "signed"


# --- odd things ------------------------------------------------------------------------


def test_an_unknown_key_is_refused(world: DeskWorld) -> None:
    with pytest.raises(KeyUnknown):
        world.receive(Office(world, enrol=False).ask())


def test_an_id_that_is_taken_is_refused(world: DeskWorld, office: Office) -> None:
    with pytest.raises(KeyTaken):
        world.enrol(office.enrolment)
    other = Office(world, enrol=False)
    with world.open() as desk:
        there = known_of(desk, office.key)
        desk.store.write("UPDATE key SET id=? WHERE public=?", other.key.token.identity().key_id, there.account.public)
    with pytest.raises(KeyTaken) as error:
        world.enrol(other.enrolment)
    assert "another key has the name" in str(error.value)


def test_a_virtual_key_counts_only_in_a_demonstration(tmp_path: Path) -> None:
    real = DeskWorld(tmp_path, demo=False)
    with pytest.raises(RealmOther):
        Office(real, "virtual")
    other = tmp_path / "other"
    other.mkdir()
    assert Office(DeskWorld(other), "virtual").name


def test_a_key_that_was_put_back_is_flagged(world: DeskWorld, office: Office) -> None:
    office.exchange()
    old = office.store.read()
    office.exchange(SEVEN)
    office.store.contents = old
    with pytest.raises(KeyBehind):
        world.receive(office.ask())
    with world.open() as desk:
        last = audit.entries(desk.store, 1)[0]
    assert (last.what, last.said["code"]) == ("question refused", "key-behind")


def test_an_old_mail_is_no_sign_of_a_copy(world: DeskWorld, office: Office) -> None:
    """The very question that was answered before, once more: its nonce is known here."""
    world.order(office.key)
    question = office.ask()
    world.confirm(office.apply(world.answer(question).answer))
    with pytest.raises(QuestionPast) as error:
        world.receive(question)
    assert "has moved on since" in str(error.value)
    assert "question refused" not in said(world)


def test_a_clone_is_flagged(world: DeskWorld, office: Office, tmp_path: Path) -> None:
    """A copy of the key goes through another copy of the desk, as of a thief with a backup of both."""
    shutil.copytree(world.folder, tmp_path / "copy")
    copy = list(office.store.contents)
    office.exchange(SIX)
    mine, world.folder = world.folder, tmp_path / "copy"
    office.store.contents, theirs = copy, list(office.store.contents)
    office.exchange(SEVEN)
    world.folder = mine
    with pytest.raises(KeyStateUnknown):
        world.receive(office.ask())
    office.store.contents = theirs
    office.exchange(SEVEN)
    assert office.licence == SEVEN


def test_a_forged_question_is_refused_and_noted(world: DeskWorld, office: Office) -> None:
    question = bytearray(office.ask())
    question[-1] ^= 1
    with pytest.raises(QuestionForged):
        world.receive(bytes(question))
    assert said(world)[-1] == "question refused"


def test_binding_anew_is_asked_ordered_and_counted(world: DeskWorld, office: Office) -> None:
    office.exchange()
    parts = hints({"machine": "a", "board": "b", "disk": "c"})
    question = office.ask(op=Op.REBIND, binding=parts)
    world.order(office.key, SEVEN)
    with pytest.raises(OrderUnfit) as error:
        world.answer(question)
    assert "bound to its computer anew" in str(error.value)
    with world.open() as desk:
        orders.drop(desk, orders.get(desk, 2), "not now")
    world.order(office.key, SIX, rebind=True)
    given = world.answer(question)
    assert given.new.binding == parts
    world.confirm(office.apply(given.answer))
    again = world.receive(office.ask(op=Op.REBIND, binding=parts))
    assert any("1 times before" in str(one) for one in again.odd)


def test_the_desks_clock_must_not_go_back(world: DeskWorld, office: Office) -> None:
    office.exchange()
    world.order(office.key, SEVEN)
    with pytest.raises(ClockBehind):
        world.answer(office.ask(), now=NOW - 10)


def test_many_share_one_commit_and_any_refusal_refuses_all(world: DeskWorld) -> None:
    offices = [Office(world) for _ in range(4)]
    for office in offices[:3]:
        world.order(office.key)
    questions = [office.ask() for office in offices]
    with world.open() as desk, pytest.raises(OrderUnknown):
        answering.answer(desk, [Ask(question) for question in questions])
    with world.open() as desk:
        assert all(not one.account.inputs for one in accounts.everyone(desk.store))
        given = answering.answer(desk, [Ask(question) for question in questions[:3]])
    assert [one.new.issuer for one in given] == [1, 1, 1]
    with world.open() as desk, pytest.raises(OrderUnfit):
        answering.answer(desk, [Ask(questions[0]), Ask(questions[0])])


def test_the_mail_carries_answer_list_and_record(world: DeskWorld, office: Office) -> None:
    world.order(office.key)
    given = world.answer(office.ask())
    mail = message_from_bytes(letters.draft(given, world.sealed()), policy=default)
    assert mail["To"] == "it@acme.example"
    body = mail.get_body()
    assert body is not None
    words = body.get_content()
    assert given.head.hex() in words
    assert files.read(words).message == given.answer
    [attached] = mail.iter_attachments()
    carried = files.read_bytes(attached.get_content(), attached.get_filename() or "")
    assert (carried.message, carried.trust) == (given.answer, world.sealed())
    with world.open() as desk:
        assert given.head in list(audit.proven(desk.store))
