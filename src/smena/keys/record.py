"""Everything that lies on a key, in one piece: the licence, the open question, the last confirmation.

One piece, so that no death can leave a new licence with an old question. It is replaced as a whole
(`exchange.writing`); its own counter tells the newer of two that hold the same licence.
"""

from __future__ import annotations

import msgspec

from smena.errors import KeyRecordBad
from smena.keys import licence, stored
from smena.keys.packing import unpacked
from smena.keys.primitives import digest
from smena.keys.stored import Stored
from smena.text import _

_MAGIC = b"smena key 1\n"
_CHECK = 16


class Record(msgspec.Struct, frozen=True, array_like=True):
    """`pending` is the whole open question; `trust` the highest number of a trust list that was seen."""

    number: int = 0
    licence: bytes = b""
    pending: bytes = b""
    confirmation: bytes = b""
    trust: int = 0

    @property
    def stored(self) -> Stored | None:
        return stored.decode(self.licence) if self.licence else None

    @property
    def state(self) -> bytes:
        """The state that the key holds; a new key's is blank."""
        found = self.stored
        return licence.canonical(licence.BLANK) if found is None else found.state

    def encode(self) -> bytes:
        body = msgspec.msgpack.encode(self)
        return _MAGIC + digest(body)[:_CHECK] + body


def decode(data: bytes) -> Record:
    start = len(_MAGIC) + _CHECK
    body = data[start:]
    if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC) : start] != digest(body)[:_CHECK]:
        raise KeyRecordBad(_("what lies on this key is damaged, or of a newer smena"))
    found = unpacked(body, Record)
    if found is None:
        raise KeyRecordBad(_("what lies on this key is damaged, or of a newer smena"))
    return found


def next_of(record: Record, **changes: object) -> Record:
    """The record that takes this one's place."""
    return msgspec.structs.replace(record, number=record.number + 1, **changes)
