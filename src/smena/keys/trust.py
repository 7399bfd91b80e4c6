"""The vendor's numbered list of whom to believe, and what a key remembers of it.

Rules: the list is signed by the last root of its chain, and the chain continues the one that was seen before; its
number never goes back, and two lists of one number do not exist; a list of a demonstration is taken only for a
demonstration, and a realm never becomes one. What was seen (`Anchor`) is kept beside the key, its number on the
key too. A revoked issuer's licences do not count any more, so an issuer whose time is merely over is not revoked.
"""

from __future__ import annotations

import msgspec

from smena.errors import IssuerExpired, IssuerRevoked, IssuerUnfit, IssuerUnknown, RealmOther, TrustBad, TrustOld
from smena.keys import certificates, packing, roots, times
from smena.keys.certificates import Certificate
from smena.keys.primitives import CURVE_POINT, digest, is_signed, sign
from smena.keys.roots import Chain
from smena.text import _

_WORDS = b"smena trust 1"
_SIGNATURE = 64


class Issuer(msgspec.Struct, frozen=True):
    """One who may sign licences, or might."""

    certificate: bytes
    revoked: bool = False


class ExchangeKey(msgspec.Struct, frozen=True):
    """A public key for typed questions, 1 to 31, in both kinds: a token can do one of them."""

    number: int
    edwards: bytes
    curve: bytes
    until: int

    def fit_for(self, agree: bytes) -> bytes:
        return self.curve if len(agree) == CURVE_POINT else self.edwards


class TrustList(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor signed. `lost`: the SHA-256 of public keys that count no more."""

    number: int
    realm: bytes
    made: int
    chain: Chain
    demo: bool = False
    issuers: tuple[Issuer, ...] = ()
    exchange: tuple[ExchangeKey, ...] = ()
    lost: tuple[bytes, ...] = ()


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """What is remembered beside a key: whom it belongs to, and the newest list that was seen."""

    realm: bytes
    demo: bool = False
    number: int = 0
    digest: bytes = b""
    roots: tuple[bytes, ...] = ()


class Trust(msgspec.Struct, frozen=True):
    """A list that was accepted, and the anchor that remembers it."""

    anchor: Anchor
    list: TrustList

    @property
    def realm(self) -> bytes:
        return self.anchor.realm

    def certificate(self, number: int) -> Certificate:
        """The issuer of this number, unless the vendor revoked it."""
        for issuer in self.list.issuers:
            found = certificates.decode(issuer.certificate)
            if found.number == number:
                if issuer.revoked:
                    raise IssuerRevoked(
                        _("the vendor has revoked issuer {number}", number=number),
                        hint=_("ask the vendor for a new answer"),
                    )
                return certificates.proven(found, self.realm, self.list.chain)
        raise IssuerUnknown(
            _("the trust list does not name issuer {number}", number=number),
            why=[_("the newest list that was seen has the number {number}", number=self.list.number)],
            hint=_("take the answer as a file: the newest list comes with it"),
        )

    def exchange_key(self, agree: bytes, now: int) -> ExchangeKey | None:
        """The newest exchange key that a token which agrees with `agree` can use."""
        usable = [key for key in self.list.exchange if key.until > now and key.fit_for(agree)]
        return max(usable, key=lambda key: key.number, default=None)

    def is_lost(self, public: bytes) -> bool:
        return digest(public) in self.list.lost


def may_sign(certificate: Certificate, product: str, now: int) -> None:
    """Refuse an issuer whose time is not now, or who has nothing to do with this product.

    `now` is the clock, or the vendor's time if the clock stands before it; never what the answer says of itself.
    """
    if not certificate.start <= now < certificate.until:
        raise IssuerExpired(
            _("issuer {number} may sign only from {start} to {until}", **_span(certificate)),
            why=[_("it is {now} now", now=times.shown(now))],
            hint=_("ask the vendor for a new answer"),
        )
    if product and product not in certificate.products:
        raise IssuerUnfit(
            _("issuer {number} may not sign licences for {product}", number=certificate.number, product=product)
        )


def seal(found: TrustList, seed: bytes) -> bytes:
    """The list as bytes, signed with the seed of the last root of its chain."""
    body = msgspec.json.encode(found)
    return sign(seed, _WORDS, found.realm, body) + body


def accept(anchor: Anchor, data: bytes) -> Trust:
    """A list that came from anywhere: in a definition, a release, an answer file."""
    found = _opened(data, anchor.realm)
    if found.demo != anchor.demo:
        raise RealmOther(
            _("licence keys of a demonstration count only for demonstrations"),
            hint=_("use a definition that is marked as a demonstration"),
        )
    known = tuple(root.public for root in found.chain)
    if known[: len(anchor.roots)] != anchor.roots:
        raise TrustBad(_("the trust list does not continue the root keys that were seen before"))
    if found.number < anchor.number:
        raise TrustOld(
            _(
                "trust list {number} is older than {known}, which was seen before",
                number=found.number,
                known=anchor.number,
            )
        )
    if found.number == anchor.number and digest(data) != anchor.digest:
        raise TrustBad(_("there are two different trust lists with the number {number}", number=found.number))
    kept = Anchor(realm=found.realm, demo=found.demo, number=found.number, digest=digest(data), roots=known)
    return Trust(kept, found)


def whose(data: bytes) -> tuple[bytes, bool]:
    """Whose list it says to be, and whether of a demonstration: for a first list, where nothing is known to compare."""
    found = packing.read(data[_SIGNATURE:], TrustList)
    if found is None:
        raise TrustBad(_("the trust list is damaged"))
    return found.realm, found.demo


def newer(trust: Trust, data: bytes) -> Trust:
    """The list if it is newer than the one in use, else the one in use: old lists travel with old files."""
    return accept(trust.anchor, data) if _opened(data, trust.realm).number > trust.list.number else trust


def _opened(data: bytes, realm: bytes) -> TrustList:
    """A list whose signature was verified."""
    signature, body = data[:_SIGNATURE], data[_SIGNATURE:]
    found = packing.read(body, TrustList)
    if found is None:
        raise TrustBad(_("the trust list is damaged"))
    if found.realm != realm:
        raise RealmOther(_("this trust list is of another vendor"))
    chain = roots.proven(found.chain, realm)
    if not is_signed(chain[-1].public, signature, _WORDS, realm, body):
        raise TrustBad(_("the trust list is not signed by the vendor, or was changed"))
    return found


def _span(certificate: Certificate) -> dict[str, object]:
    start, until = times.shown(certificate.start), times.shown(certificate.until)
    return {"number": certificate.number, "start": start, "until": until}
