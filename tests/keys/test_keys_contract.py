"""One contract for every kind of key that smena can read."""

from __future__ import annotations

import pytest

from smena.errors import LockBusy
from smena.keys.exchange import applying, asking, proving, reading, writing
from smena.keys.exchange.ports import Key
from smena.keys.primitives import agree_public_of, agreed, curve_public_of, is_signed, new_seed
from smena.keys.record import Record
from support.keykinds import Kind
from support.keyworld import NOW, SEVEN, SIX, Customer, plain


def test_it_is_the_same_key_each_time(kind: Kind) -> None:
    with kind.opened() as key:
        first = key.token.identity()
    with kind.opened() as key:
        assert key.token.identity() == first
    assert first.kind == kind.name.partition("-")[0]


def test_it_signs_what_its_public_key_proves(kind: Kind) -> None:
    with kind.opened() as key:
        public, signature = key.token.identity().public, key.token.sign(b"a message")
        assert is_signed(public, signature, b"a message")
        assert not is_signed(public, signature, b"another")
        assert proving.present(key).record == Record(trust=1)


def test_it_agrees_on_a_secret_with_an_exchange_key(kind: Kind) -> None:
    seed = new_seed()
    with kind.opened() as key:
        agree = key.token.identity().agree
        ours = curve_public_of(seed) if len(agree) == 33 else agree_public_of(seed)
        assert key.token.agree(ours) == agreed(seed, agree)


@pytest.mark.parametrize("size", [0, 1, 600, 4200])
def test_what_is_created_is_read_until_it_is_destroyed(kind: Kind, size: int) -> None:
    one, other = b"one" + bytes(size), b"other" + bytes(size)
    with kind.opened() as key:
        assert key.store.read() == []
        key.store.create(one)
        key.store.create(other)
    with kind.opened() as key:
        assert sorted(key.store.read()) == sorted([one, other])
        key.store.destroy(one)
        key.store.destroy(one)
        assert key.store.read() == [other]
    with kind.opened() as key:
        assert key.store.read() == [other]


def test_a_record_takes_the_place_of_all_others(kind: Kind) -> None:
    with kind.opened() as key:
        key.store.create(b"what a death has left")
        for number in range(1, 4):
            writing.replace(key.store, Record(number=number))
            assert key.store.read() == [Record(number=number).encode()]


@pytest.mark.parametrize("short", [False, True], ids=["signed", "typed"])
def test_the_whole_exchange_with_a_reopened_key_at_each_step(kind: Kind, short: bool) -> None:
    with kind.opened() as key:
        desk = Customer(kind.vendor, key.token, key.store).desk
    for wanted in (SIX, SEVEN):
        with kind.opened() as key:
            question = asking.ask(key, NOW, asking.Wish(typed=short))
            assert len(question) == (36 if short else 90)
        with kind.opened() as key:
            assert asking.ask(key, NOW, asking.Wish(typed=short)) == question
        answer = desk.answer(question, wanted)
        with kind.opened() as key:
            first = applying.apply(key, answer, NOW)
        with kind.opened() as key:
            assert applying.apply(key, answer, NOW) == first
            desk.confirm(applying.confirmation(key, NOW, typed=short))
            assert plain(reading.read(key).licence) == wanted
            assert reading.objections(key, reading.read(key), NOW) == ()


def test_two_cannot_use_it_at_once(kind: Kind) -> None:
    with kind.opened(), pytest.raises(LockBusy), kind.opened():
        raise AssertionError
    with kind.opened() as key:
        assert isinstance(key, Key)
