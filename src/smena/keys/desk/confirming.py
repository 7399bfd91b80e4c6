"""A confirmation arrives. It names no key, so those are tried whose state it speaks of: its proof decides."""

from __future__ import annotations

import msgspec

from smena.errors import ConfirmationBad, ConfirmationUnsigned
from smena.keys.codec import messages
from smena.keys.desk import accounts, receiving, recovering
from smena.keys.desk.accounts import Known
from smena.keys.desk.answering import completed
from smena.keys.desk.desk import Desk
from smena.keys.exchange import confirming
from smena.keys.exchange.account import Account
from smena.text import _


class Confirmed(msgspec.Struct, frozen=True):
    """The key that has confirmed; `again` if it was known before."""

    known: Known
    account: Account
    again: bool


def confirm(desk: Desk, data: bytes) -> Confirmed:
    """The key holds what it was promised."""
    desk.ready()
    said = messages.decode_confirmation(data)
    refused: ConfirmationUnsigned | None = None
    for known in accounts.speaking_of(desk.store, said.state):
        try:
            account = _confirmed(desk, known.account, data)
        except ConfirmationBad:
            continue
        except ConfirmationUnsigned as error:
            refused = error
            continue
        return _kept(desk, known, account)
    if desk.unread:
        raise recovering.behind(desk)
    raise refused or ConfirmationBad(
        _("this confirmation belongs to no answer that was given here"),
        hint=_("ask the customer to show the confirmation again"),
    )


def _confirmed(desk: Desk, account: Account, data: bytes) -> Account:
    """With any of the exchange keys that a typed code may have been made for."""
    whole = completed(desk, account)
    seeds = [desk.exchange_seed(key.number) for key in desk.trust.list.exchange]
    for seed in seeds[1:]:
        try:
            return confirming.confirm(whole, data, seed)
        except ConfirmationBad:
            continue
    return confirming.confirm(whole, data, seeds[0] if seeds else None)


def _kept(desk: Desk, known: Known, account: Account) -> Confirmed:
    moved = account.state != known.account.state
    if account != known.account:
        with desk.change():
            accounts.save(desk.store, account)
            if moved:
                receiving.finished(desk, known.account, account)
            desk.note("confirmed", account.public, epoch=account.licence.epoch, proof=account.proof)
    return Confirmed(known, account, not moved)
