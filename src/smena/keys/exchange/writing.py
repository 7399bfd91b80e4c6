"""Replacing the record on a key so that a death at any instant leaves the old one or the new one, whole.

Create the new object, read it back, destroy the old ones, search again. Tokens refuse to change an object in place, and
between creating and destroying both lie there: a reader takes the newest that verifies (`reading`).
"""

from __future__ import annotations

from smena import faults
from smena.errors import TokenFailed
from smena.keys.exchange.ports import StateStore
from smena.keys.record import Record
from smena.text import _


def replace(store: StateStore, new: Record) -> None:
    """Put `new` in the place of everything that lies there."""
    content = new.encode()
    store.create(content)
    faults.point("keys.created")
    found = store.read()
    if content not in found:
        raise TokenFailed(
            _("what was written to the key could not be read back"),
            state=_("the licence is as before"),
            hint=_("take the token out, put it in again, and try once more"),
        )
    faults.point("keys.read-back")
    _destroy_others(store, found, content)
    if store.read() != [content]:
        raise TokenFailed(
            _("an old record could not be taken from the key"),
            state=_("the key holds the new licence"),
            hint=_("take the token out, put it in again, and look at the key once more"),
        )
    faults.point("keys.searched")


def tidy(store: StateStore, kept: Record) -> None:
    """Take away what a death between creating and destroying has left."""
    _destroy_others(store, store.read(), kept.encode())


def _destroy_others(store: StateStore, found: list[bytes], content: bytes) -> None:
    for old in found:
        if old != content:
            store.destroy(old)
            faults.point("keys.destroyed")
