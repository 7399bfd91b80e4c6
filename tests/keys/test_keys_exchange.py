"""The exchange as it should go, and every way in which it can be interrupted without harm."""

from __future__ import annotations

import msgspec
import pytest

from smena.errors import (
    AnswerOlder,
    ClockBehind,
    ConfirmationBad,
    ConfirmationUnsigned,
    KeyAtItsEnd,
    OrderWaits,
    QuestionNone,
    QuestionWaits,
    SmenaError,
)
from smena.keys import licence, record
from smena.keys.codec import files, messages, qr, typed
from smena.keys.codec.messages import CONFIRMATION_MAC, SIGNATURE, Op
from smena.keys.exchange import answering, applying, asking, proving, reading, receiving
from smena.keys.licence import BLANK, Licence
from support.keyworld import LESS, NOW, SEVEN, SIX, Customer, Vendor, plain


@pytest.fixture
def vendor() -> Vendor:
    return Vendor(demo=True)


@pytest.fixture
def customer(vendor: Vendor) -> Customer:
    return Customer(vendor)


@pytest.mark.parametrize("short", [False, True], ids=["signed", "typed"])
def test_a_new_key_gets_its_licence_and_the_next_one(customer: Customer, short: bool) -> None:
    for number, wanted in enumerate((SIX, SEVEN), 1):
        question = customer.ask(typed=short)
        answer = customer.desk.answer(typed.read(typed.show(question)), wanted)
        opened = applying.look(customer.key, answer, NOW)
        assert plain(opened.new) == wanted
        assert customer.licence.epoch == number - 1
        customer.apply(typed.read(typed.show(answer)))
        confirmation = applying.confirmation(customer.key, NOW, typed=short)
        assert len(confirmation) == (17 if short else 73)
        customer.desk.confirm(confirmation)
        assert plain(customer.licence) == wanted
        assert customer.desk.account.licence == customer.licence
        assert customer.desk.account.proof == ("typed" if short else "signed")


def test_every_carrier_brings_the_same(customer: Customer) -> None:
    question = customer.ask()
    assert files.read(files.write(question)).message == typed.read(typed.show(question)) == question
    assert qr.png(question)


def test_asking_again_shows_the_same_question(customer: Customer) -> None:
    question = customer.ask()
    customer.now += 48
    assert customer.ask() == question
    assert len(customer.store.contents) == 1


def test_another_question_waits_until_the_first_is_cancelled(customer: Customer) -> None:
    first = customer.ask()
    with pytest.raises(QuestionWaits) as caught:
        customer.ask(op=Op.RETURN)
    assert "cancel" in str(caught.value.hint)
    assert "cannot be used" in str(asking.loss(messages.decode_question(first)))
    assert asking.cancel(customer.key) == first
    assert messages.decode_question(customer.ask(op=Op.RETURN)).op is Op.RETURN


def test_there_is_nothing_to_cancel_without_a_question(customer: Customer) -> None:
    with pytest.raises(QuestionNone):
        asking.cancel(customer.key)


def test_the_same_question_gets_the_same_answer_to_the_bit(customer: Customer) -> None:
    question = customer.ask()
    answer = customer.desk.answer(question)
    customer.desk.now += 100
    assert customer.desk.answer(question) == answer


def test_the_last_answer_again_changes_nothing_and_confirms_the_same(customer: Customer) -> None:
    answer = customer.desk.answer(customer.ask())
    confirmation = customer.apply(answer)
    before = customer.store.read()
    assert customer.apply(answer) == confirmation
    assert applying.look(customer.key, answer, NOW).applied
    assert customer.store.read() == before
    customer.ask()
    assert customer.apply(answer) == confirmation


def test_an_older_answer_again_is_refused_and_says_why(customer: Customer) -> None:
    old = customer.exchange(SIX)
    customer.exchange(SEVEN)
    for _ in range(2):  # without an open question, then with one
        before = customer.store.read()
        with pytest.raises(AnswerOlder, match=r"101.*102"):
            customer.apply(old)
        assert customer.store.read() == before
        customer.ask()


def test_an_answer_without_a_question(customer: Customer, vendor: Vendor) -> None:
    answer = customer.desk.answer(customer.ask())
    asking.cancel(customer.key)
    with pytest.raises(QuestionNone):
        customer.apply(answer)


# --- lost on the way ----------------------------------------------------------------------


def test_a_lost_question_is_shown_again(customer: Customer) -> None:
    customer.ask()
    customer.desk.confirm(customer.apply(customer.desk.answer(customer.ask())))
    assert customer.desk.account.licence.epoch == 1


def test_a_lost_answer_is_made_again(customer: Customer) -> None:
    question = customer.ask()
    customer.desk.answer(question)
    customer.apply(customer.desk.answer(question))
    assert plain(customer.licence) == SIX


@pytest.mark.parametrize("short", [False, True], ids=["signed", "typed"])
def test_a_lost_confirmation_heals_at_the_next_question(customer: Customer, short: bool) -> None:
    customer.apply(customer.desk.answer(customer.ask()))
    received = customer.desk.receive(customer.ask(typed=short))
    assert received.healed
    assert received.account.licence == customer.licence
    assert received.account.proof == ("typed" if short else "signed")
    customer.apply(customer.desk.answer(customer.ask(), SEVEN))
    assert plain(customer.licence) == SEVEN


def test_a_confirmation_can_be_shown_as_often_as_wanted(customer: Customer) -> None:
    with pytest.raises(QuestionNone):
        applying.confirmation(customer.key, NOW)
    first = customer.apply(customer.desk.answer(customer.ask()))
    assert applying.confirmation(customer.key, NOW) == first
    customer.desk.confirm(first)
    customer.desk.confirm(first)
    assert customer.desk.account.licence.epoch == 1


def test_a_cancelled_question_gets_the_same_state_once_more(customer: Customer) -> None:
    """The key may have applied the first answer, so nothing else can be given: never granted twice."""
    first = customer.desk.answer(customer.ask())
    asking.cancel(customer.key)
    second = customer.desk.answer(customer.ask())
    assert first != second
    made = customer.desk.account.inputs
    assert made[0].new == made[1].new
    assert made[0].question != made[1].question
    customer.desk.confirm(customer.apply(second))
    assert plain(customer.licence) == SIX


def test_another_order_waits_until_the_key_moves(customer: Customer) -> None:
    first = customer.desk.answer(customer.ask(), SIX)
    with pytest.raises(OrderWaits):
        customer.desk.answer(customer.ask(), SEVEN)
    asking.cancel(customer.key)
    with pytest.raises(OrderWaits):
        customer.desk.answer(customer.ask(), SEVEN)
    second = customer.desk.answer(customer.ask(), SIX)
    assert second != first
    customer.desk.confirm(customer.apply(second))
    customer.exchange(SEVEN)
    assert plain(customer.licence) == SEVEN


# --- reductions ------------------------------------------------------------------------------


def test_a_reduction_is_not_confirmed_by_a_typed_code(customer: Customer) -> None:
    customer.exchange(SIX)
    signed = customer.apply(customer.desk.answer(customer.ask(), LESS))
    with pytest.raises(ConfirmationUnsigned):
        customer.desk.confirm(applying.confirmation(customer.key, NOW, typed=True))
    assert plain(customer.desk.account.licence) == SIX
    customer.desk.confirm(signed)
    assert plain(customer.desk.account.licence) == LESS
    assert not customer.desk.account.owed


def test_a_reduction_healed_by_a_typed_question_is_still_owed(customer: Customer) -> None:
    customer.exchange(SIX)
    signed = customer.apply(customer.desk.answer(customer.ask(), LESS))
    assert customer.desk.receive(customer.ask(typed=True)).account.owed
    customer.desk.confirm(signed)
    assert not customer.desk.account.owed


def test_a_confirmation_of_nothing_is_refused(customer: Customer) -> None:
    other = Customer(customer.vendor)
    confirmation = other.apply(other.desk.answer(other.ask()))
    with pytest.raises(ConfirmationBad):
        customer.desk.confirm(confirmation)
    customer.desk.answer(customer.ask())
    with pytest.raises(ConfirmationBad):
        customer.desk.confirm(confirmation)


def test_a_signed_confirmation_that_was_cut_is_no_typed_one(customer: Customer) -> None:
    signed = customer.apply(customer.desk.answer(customer.ask()))
    cut = messages.decode_confirmation(signed[: CONFIRMATION_MAC - SIGNATURE])
    assert not cut.signed
    with pytest.raises(ConfirmationBad):
        customer.desk.confirm(cut.encode())
    customer.desk.confirm(signed)


# --- the ends of things -----------------------------------------------------------------------


def at(customer: Customer, epoch: int) -> None:
    """Put key and desk where that many changes were made."""
    made = customer.desk.answer(customer.ask())
    customer.desk.confirm(customer.apply(made))
    high = msgspec.structs.replace(customer.licence, epoch=epoch - 1)
    customer.desk.account = msgspec.structs.replace(customer.desk.account, state=licence.canonical(high))


def test_a_counter_at_its_end_is_refused_by_the_desk(customer: Customer) -> None:
    at(customer, messages.LAST_EPOCH + 1)
    account = customer.desk.account
    question = msgspec.structs.replace(messages.decode_question(customer.ask()), epoch=account.licence.epoch)
    received = receiving.Received(account, question, healed=False)
    with pytest.raises(KeyAtItsEnd):
        answering.prepare(received, SIX, answering.Stamp(customer.vendor.certificate(), 9, NOW))


def test_a_clock_before_the_vendors_time_is_a_clear_message(customer: Customer) -> None:
    customer.exchange()
    answer = customer.desk.answer(customer.ask(), SEVEN)
    customer.now = NOW - 100
    with pytest.raises(ClockBehind) as caught:
        customer.apply(answer)
    assert "nothing was changed" in str(caught.value.state)
    assert [type(found) for found in objections(customer)] == [ClockBehind]
    asking.cancel(customer.key)
    with pytest.raises(ClockBehind):
        customer.ask()
    customer.now = NOW - 1  # a clock that goes a little wrong is no reason
    assert customer.ask()
    assert not objections(customer)


def test_a_clock_before_the_answers_own_time_is_told_before_anything_is_written(customer: Customer) -> None:
    question = customer.ask()
    customer.desk.now = NOW + 30
    answer = customer.desk.answer(question)
    with pytest.raises(ClockBehind):
        customer.apply(answer)
    customer.now = NOW + 30
    assert customer.apply(answer)


def objections(customer: Customer) -> tuple[SmenaError, ...]:
    return reading.objections(customer.key, reading.read(customer.key), customer.now)


def test_a_blank_key_holds_nothing(customer: Customer) -> None:
    held = reading.read(customer.key)
    assert held.licence == BLANK == Licence()
    assert held.pending is None


def test_presence_is_proven_by_a_fresh_signature(customer: Customer) -> None:
    customer.exchange()
    assert proving.present(customer.key).licence == customer.licence
    challenge = bytes(range(32))
    signature = proving.prove(customer.key, challenge)
    public = customer.key.token.identity().public
    assert proving.is_proof(public, challenge, customer.vendor.realm, signature)
    assert not proving.is_proof(public, bytes(32), customer.vendor.realm, signature)
    assert not proving.is_proof(public, challenge, bytes(32), signature)
    assert not proving.is_proof(public, b"short", customer.vendor.realm, signature)


def test_a_record_says_which_list_was_seen(customer: Customer) -> None:
    customer.believe(customer.vendor.trust(made=NOW + 1))
    customer.exchange()
    assert record.decode(customer.store.contents[0]).trust == 2
