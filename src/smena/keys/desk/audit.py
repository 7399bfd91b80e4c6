"""What was done at the desk, by whom and when: a chain, each entry holds the hash of the one before.

The head goes into every answer's mail, so a customer's old mail proves what the chain was then. An entry is written in
the same commit as what it tells of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from smena import clock
from smena.errors import AuditBroken
from smena.keys import packing
from smena.keys.primitives import digest
from smena.store import Store
from smena.text import _

_WORDS = b"smena audit 1\n"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """`what` is one of a few words; `said` are the particulars."""

    number: int
    at: str
    by: str
    what: str
    key: bytes = b""
    said: Mapping[str, Any] = {}
    before: bytes = b""


class Head(msgspec.Struct, frozen=True):
    """Where the chain ends."""

    number: int = 0
    hash: bytes = b""


def head(store: Store) -> Head:
    row = store.one("SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
    return Head() if row is None else Head(row["number"], row["hash"])


def add(store: Store, last: Head, by: str, what: str, key: bytes = b"", **said: Any) -> Head:
    """The next entry; inside the change that it tells of. Returns the new head."""
    number = last.number + 1
    entry = Entry(number=number, at=clock.stamp(), by=by, what=what, key=key, said=said, before=last.hash)
    line = msgspec.json.encode(entry)
    made = Head(number, _hash(line))
    store.write("INSERT INTO audit VALUES (?,?,?)", number, line, made.hash)
    return made


def entries(store: Store, last: int | None = None) -> list[Entry]:
    """The chain as it stands, or only its last entries."""
    rows = store.all("SELECT line FROM audit ORDER BY number DESC LIMIT ?", -1 if last is None else last)
    return [entry for row in reversed(rows) if (entry := packing.read(row["line"], Entry)) is not None]


def proven(store: Store) -> Iterator[bytes]:
    """Every head that there ever was, while the chain is followed from its beginning; raises where it breaks."""
    known = Head()
    for row in store.all("SELECT number, line, hash FROM audit ORDER BY number"):
        entry = packing.read(row["line"], Entry) if isinstance(row["line"], bytes) else None
        whole = entry is not None and entry.before == known.hash and entry.number == row["number"] == known.number + 1
        if not whole or _hash(row["line"]) != row["hash"]:
            raise AuditBroken(
                _("the audit chain breaks at entry {number}", number=known.number + 1),
                why=[_("the entry was changed, or one before it was taken out")],
                hint=_("compare with the heads in the mails that were sent, and with a backup of the desk"),
            )
        known = Head(row["number"], row["hash"])
        yield known.hash


def _hash(line: bytes) -> bytes:
    return digest(_WORDS + line)
