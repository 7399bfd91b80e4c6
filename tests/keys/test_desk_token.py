"""A hardware token (SoftHSM in its place) and a real desk: the whole round, and typed with one error."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.errors import MessageBad
from smena.keys.codec import qr, typed
from smena.keys.desk import enrolling
from smena.keys.exchange import applying, asking, proving, reading
from smena.keys.exchange.ports import Key
from smena.keys.tokens import pkcs11
from smena.keys.trust import Anchor, accept
from support.deskworld import NOW, DeskWorld
from support.keyworld import SEVEN, SIX, plain
from support.softhsm import SoftHsm


@pytest.mark.parametrize("short", [False, True], ids=["signed", "typed"])
def test_the_whole_round(hsm: SoftHsm, quick: Path, tmp_path: Path, short: bool) -> None:
    world = DeskWorld(tmp_path, demo=False)
    trust = accept(Anchor(realm=world.realm), world.sealed())
    folder = quick / "token"
    folder.mkdir()
    pkcs11.make(folder, hsm.spec, world.realm, hsm.source())
    with pkcs11.opened(folder, hsm.spec, trust, hsm.source()) as key:
        with world.open() as desk:
            said = enrolling.Said(customer="ACME", proven="initialised here, 2026-11-20")
            done = enrolling.enrol(desk, asking.enrol(key.token, world.realm, NOW), said)
        assert (done.odd, done.known.account.kind, len(done.known.account.public)) == ((), "pkcs11", 33)
        for wanted in (SIX, SEVEN):
            exchanged(world, key, wanted, short)
        assert proving.present(key).licence.epoch == 2


def exchanged(world: DeskWorld, key: Key, wanted: object, short: bool) -> None:
    world.order(key, wanted)  # type: ignore[arg-type]
    question = asking.ask(key, NOW, asking.Wish(typed=short))
    answer = world.answer(typed.read(typed.show(question))).answer
    groups = typed.show(answer)
    wrong = groups.replace(groups[7:12], groups[8] + groups[7] + groups[9:12], 1)
    if wrong != groups:
        with pytest.raises(MessageBad) as error:
            typed.read(wrong)
        assert "group 2" in str(error.value.why[0])
    assert qr.svg(answer)
    signed = applying.apply(key, typed.read(groups), NOW)
    code = applying.confirmation(key, NOW, typed=True) if short else signed
    assert world.confirm(code).account.proof == ("typed" if short else "signed")
    assert plain(reading.read(key).licence) == wanted
