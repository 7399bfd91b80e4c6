"""The keys that the desk knows, found by their short names, or by the beginning of the state that they speak of."""

from __future__ import annotations

import re

import msgspec

from smena.errors import KeyTaken, KeyUnknown, StoreBroken
from smena.keys import packing
from smena.keys.desk.about import About
from smena.keys.exchange.account import Account
from smena.keys.exchange.ports import key_id, shown_id
from smena.keys.primitives import digest
from smena.store import Row, Store
from smena.text import Text, _, plain

_ALL = "SELECT account, about FROM key"
_SHOWN = 8


class Known(msgspec.Struct, frozen=True):
    """A key: what the rules need of it, and what people do."""

    account: Account
    about: About

    @property
    def name(self) -> str:
        return shown_id(self.account.key_id)


def add(store: Store, account: Account, about: About) -> Known:
    """A new key; whoever has its short name already keeps it."""
    there = by_id(store, account.key_id)
    if there is not None:
        same = there.account.public == account.public
        message = _("the key {key} is enrolled already", key=there.name)
        other = _("another key has the name {key} already", key=there.name)
        raise KeyTaken(
            message if same else other,
            state=_("nothing was changed"),
            hint=plain(f"smena desk keys {there.name}") if same else _("make a new key, and enrol that one"),
        )
    store.write(
        "INSERT INTO key VALUES (?,?,?,?,?,?)",
        account.public,
        account.key_id,
        msgspec.msgpack.encode(account),
        msgspec.json.encode(about),
        *_states(account),
    )
    return Known(account, about)


def save(store: Store, account: Account) -> None:
    """What the rules made of an account."""
    held, promised = _states(account)
    data = msgspec.msgpack.encode(account)
    store.write("UPDATE key SET account=?, held=?, promised=? WHERE public=?", data, held, promised, account.public)


def describe(store: Store, known: Known, about: About) -> Known:
    store.write("UPDATE key SET about=? WHERE public=?", msgspec.json.encode(about), known.account.public)
    return Known(known.account, about)


def by_id(store: Store, short: bytes) -> Known | None:
    row = store.one(f"{_ALL} WHERE id=?", short)
    return None if row is None else _known(row, store)


def of(store: Store, public: bytes) -> Known | None:
    return by_id(store, key_id(public))


def everyone(store: Store) -> list[Known]:
    return [_known(row, store) for row in store.all(f"{_ALL} ORDER BY id")]


def speaking_of(store: Store, state: bytes) -> list[Known]:
    """Those that may have sent a confirmation which names the beginning of this state's hash."""
    rows = store.all(f"{_ALL} WHERE promised=? UNION {_ALL} WHERE held=?", state, state)
    return [_known(row, store) for row in rows]


def find(store: Store, name: str) -> Known:
    """By short name, or as much of its beginning as is enough."""
    wanted = re.sub("[^0-9a-f]", "", name.lower())
    rows = store.all(f"{_ALL} WHERE hex(id) LIKE ? LIMIT {_SHOWN + 1}", f"{wanted.upper()}%") if wanted else []
    if len(rows) == 1:
        return _known(rows[0], store)
    raise unknown(name, [_known(row, store) for row in rows])


def unknown(name: str, several: list[Known] | None = None) -> KeyUnknown:
    why: list[Text] = []
    if several:
        names = ", ".join(known.name for known in several[:_SHOWN])
        why = [_("several keys begin so: {names}", names=names)]
    return KeyUnknown(
        _("the desk knows no key {key}", key=name[:64]),
        why=why,
        hint=plain("smena desk keys") if several else _("the key has to be enrolled first: smena desk enrol FILE"),
    )


def _states(account: Account) -> tuple[bytes, bytes]:
    promised = digest(account.promised)[:4] if account.promised else b""
    return digest(account.state)[:4], promised


def _known(row: Row, store: Store) -> Known:
    account, about = packing.unpacked(row["account"], Account), packing.read(row["about"], About)
    if account is None or about is None:
        raise StoreBroken(_("{path} holds something that cannot be read", path=store.path), hint=_("smena doctor"))
    return Known(account, about)
