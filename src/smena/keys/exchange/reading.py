"""What a key holds: of all records that lie there, the newest one that verifies.

Broken records are passed over, because a death may have left one; but a key on which nothing verifies is not blank.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from smena.errors import ComputerChanged, KeyProofBad, KeyRecordBad, LicenceBad, LicenceForged, SmenaError, TrustOld
from smena.keys import licence, parts, record, stored
from smena.keys.codec import messages
from smena.keys.codec.messages import Question
from smena.keys.exchange.ports import Key
from smena.keys.licence import Licence
from smena.keys.record import Record
from smena.keys.trust import Trust
from smena.text import _


class Held(msgspec.Struct, frozen=True):
    """A key's record, verified, and what the licence in it says."""

    record: Record
    licence: Licence

    @property
    def pending(self) -> Question | None:
        """The open question."""
        return messages.decode_question(self.record.pending) if self.record.pending else None


def read(key: Key) -> Held:
    """The newest record that verifies; a key on which nothing was ever written is blank."""
    contents = key.store.read()
    if not contents:
        return Held(Record(trust=key.trust.list.number), licence.BLANK)
    public = key.token.identity().public
    troubles: list[SmenaError] = []
    found = list(_verifying(contents, key.trust.realm, public, troubles))
    if not found:
        raise KeyRecordBad(
            _("nothing on this key can be believed"),
            why=[trouble.message for trouble in troubles],
            hint=_("ask the vendor to replace the key"),
        )
    held = max(found, key=lambda one: (one.licence.epoch, one.record.number, one.record.encode()))
    _refuse_older_list(held.record, key.trust)
    return held


def objections(key: Key, held: Held, now: int) -> tuple[SmenaError, ...]:
    """Why the licence does not count now, though it is genuine."""
    found = held.record.stored
    if found is None:
        return ()
    said = stored.objections(found, held.licence, key.trust, now)
    return (*said, *_moved(held.licence.binding, key.token.identity().binding))


def _moved(bound: bytes, here: bytes) -> tuple[SmenaError, ...]:
    """A licence bound to a computer says to which one."""
    if not bound or parts.alike(bound, here) >= parts.NEEDED:
        return ()
    error = ComputerChanged(
        _("this licence is bound to another computer, or too many parts of this one changed"),
        hint=_("make a question for binding the key anew, and send it to the vendor"),
    )
    return (error,)


def _verifying(contents: list[bytes], realm: bytes, public: bytes, troubles: list[SmenaError]) -> Iterator[Held]:
    for content in contents:
        try:
            yield _held(record.decode(content), realm, public)
        except (KeyRecordBad, LicenceForged, LicenceBad, KeyProofBad) as error:
            troubles.append(error)


def _held(found: Record, realm: bytes, public: bytes) -> Held:
    lying = found.stored
    if lying is None:
        return Held(found, licence.BLANK)
    if lying.public != public:
        raise KeyProofBad(_("the licence that lies here was made for another key"))
    return Held(found, stored.verified(lying, realm))


def _refuse_older_list(found: Record, trust: Trust) -> None:
    if trust.list.number < found.trust:
        raise TrustOld(
            _(
                "trust list {number} is older than {known}, which this key has seen",
                number=trust.list.number,
                known=found.trust,
            ),
            hint=_("take the newest list from the vendor: it comes with definitions, releases and answer files"),
        )
