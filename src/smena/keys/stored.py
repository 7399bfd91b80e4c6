"""The licence as it lies on a key: with everything that is needed to verify it alone.

Whoever knows the realm needs no other file: the object holds the answer's header, the hashes that it was bound to,
the signature, the issuer's certificate and the roots. A changed bit anywhere makes it worth nothing.
"""

from __future__ import annotations

import msgspec

from smena.errors import ClockBehind, IssuerRevoked, IssuerUnknown, KeyLost, LicenceForged, SmenaError, TrustBad
from smena.keys import certificates, licence, roots, times
from smena.keys.codec.messages import Answer
from smena.keys.licence import Licence
from smena.keys.packing import unpacked
from smena.keys.primitives import digest, is_signed
from smena.keys.roots import Chain
from smena.keys.trust import Trust
from smena.text import _

WORDS = b"smena answer 1"
PATIENCE = 24
"""Hours by which a clock may stand before the vendor's time: messages travel faster than clocks are set."""


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """`answer` is the hash of the whole answer, by which the same one is known again."""

    realm: bytes
    public: bytes
    header: bytes
    question: bytes
    old: bytes
    state: bytes
    signature: bytes
    certificate: bytes
    chain: Chain
    answer: bytes

    def encode(self) -> bytes:
        return msgspec.msgpack.encode(self)


def decode(data: bytes) -> Stored:
    found = unpacked(data, Stored)
    if found is None:
        raise LicenceForged(_("the licence on this key is damaged"))
    return found


def signed_parts(realm: bytes, public: bytes, hashes: tuple[bytes, bytes, bytes], header: bytes) -> tuple[bytes, ...]:
    """What an answer's signature is over. The hashes are of the question, the old state and the new one."""
    return (WORDS, realm, digest(public), *hashes, header)


def verified(stored: Stored, realm: bytes) -> Licence:
    """What the licence says, once everything about it is proven."""
    if stored.realm != realm:
        raise LicenceForged(_("the licence on this key is of another vendor"))
    try:
        chain = roots.proven(stored.chain, realm)
        issuer = certificates.proven(certificates.decode(stored.certificate), realm, chain)
    except TrustBad as error:
        raise LicenceForged(_("the licence on this key is not the vendor's"), why=[error.message]) from error
    hashes = (stored.question, stored.old, digest(stored.state))
    parts = signed_parts(realm, stored.public, hashes, stored.header)
    if not is_signed(issuer.public, stored.signature, *parts):
        raise LicenceForged(_("the licence on this key was changed after it was signed"))
    found = licence.read(stored.state)
    _agree(found, stored.header, issuer)
    return found


def objections(stored: Stored, found: Licence, trust: Trust, now: int) -> tuple[SmenaError, ...]:
    """Why a genuine licence does not count now."""
    said: list[SmenaError] = []
    try:
        known = trust.certificate(found.issuer)
        if known.encode() != stored.certificate:
            said.append(IssuerUnknown(_("issuer {number} is another one by now", number=found.issuer)))
    except (IssuerUnknown, IssuerRevoked) as error:
        said.append(error)
    if trust.is_lost(stored.public):
        said.append(lost())
    if now < found.hours - PATIENCE:
        said.append(clock_behind(found.hours, now))
    return tuple(said)


def lost() -> KeyLost:
    return KeyLost(
        _("the vendor has reported this key as lost or replaced"), hint=_("ask the vendor which key counts instead")
    )


def clock_behind(floor: int, now: int) -> ClockBehind:
    return ClockBehind(
        _("the clock of this computer says {now}, but it was {floor} already", **_both(now, floor)),
        state=_("nothing was changed"),
        hint=_("set the clock right, then try again"),
    )


def _agree(found: Licence, header: bytes, issuer: certificates.Certificate) -> None:
    """The state must say what its own header says, and the issuer may only have signed for its products."""
    said = Answer(issuer=found.issuer, serial=int.from_bytes(header[2:5], "big"), hours=found.hours, patch=b"")
    if said.header() != header or issuer.number != found.issuer:
        raise LicenceForged(_("the licence on this key contradicts its own signature"))
    if found.product and found.product not in issuer.products:
        raise LicenceForged(_("issuer {number} may not sign licences for {product}", **_pair(issuer, found)))


def _pair(issuer: certificates.Certificate, found: Licence) -> dict[str, object]:
    return {"number": issuer.number, "product": found.product}


def _both(now: int, floor: int) -> dict[str, object]:
    return {"now": times.shown(now), "floor": times.shown(floor)}
