"""The vendor's trust list: what changes waits until the root is at hand, then a new numbered list is signed.

The secret key of the root is needed only here, and comes from a file that is kept elsewhere. The list is the last thing
that is kept: until then nothing has changed, and what was waiting waits still.
"""

from __future__ import annotations

import msgspec

from smena.errors import SeedBad
from smena.keys import beside, roots, trust
from smena.keys.certificates import Certificate, certify
from smena.keys.desk import vault
from smena.keys.desk.desk import Desk, Pending, keep, pending
from smena.keys.primitives import agree_public_of, curve_public_of, digest, public_of
from smena.keys.trust import ExchangeKey, Issuer, TrustList
from smena.text import _

MOST_EXCHANGE = 31


def check_root(desk: Desk, seed: bytes) -> None:
    """The seed has to be of the root that signs now."""
    if public_of(seed) != desk.trust.list.chain[-1].public:
        raise SeedBad(
            _("this is not the root that signs the trust lists of this desk now"),
            state=_("nothing was changed"),
            hint=_("use the newest root key of this vendor"),
        )


def revoke(desk: Desk, number: int, reason: str) -> None:
    """Take an issuer's right away, with the next list."""
    desk.trust.certificate(number)
    waiting = pending(desk)
    with desk.change():
        numbers = tuple(sorted({*waiting.revoked, number}))
        keep(desk.store, "pending", msgspec.structs.replace(waiting, revoked=numbers))
        desk.note("issuer revoked", number=number, reason=reason)


def lose(desk: Desk, public: bytes) -> None:
    """A key that counts no more, with the next list; in the present commit."""
    waiting = pending(desk)
    hashes = (*waiting.lost, digest(public)) if digest(public) not in waiting.lost else waiting.lost
    keep(desk.store, "pending", msgspec.structs.replace(waiting, lost=hashes))


def publish(desk: Desk, seed: bytes, **changes: object) -> TrustList:
    """Sign the next list: with what was waiting, and with these changes of its fields."""
    check_root(desk, seed)
    return _published(desk, seed, changes)


def succeed(desk: Desk, seed: bytes, next_seed: bytes) -> TrustList:
    """The next root takes over: the old one signs it, and it signs the next list."""
    check_root(desk, seed)
    chain = roots.succeed(desk.trust.list.chain, seed, public_of(next_seed))
    return _published(desk, next_seed, {"chain": chain})


def new_issuer(desk: Desk, seed: bytes, products: tuple[str, ...], hours: tuple[int, int]) -> Certificate:
    """An issuer with a new key, and a list that names it. `hours`: from, until."""
    check_root(desk, seed)
    known = desk.trust.list.issuers
    number = _free(desk, 1 + len(known))
    secret = vault.make(desk.places.issuer(number), "issuer")
    place = len(desk.trust.list.chain) - 1
    certificate = certify(Certificate(number, public_of(secret), *hours, products, place), desk.trust.realm, seed)
    publish(desk, seed, issuers=(*known, Issuer(certificate.encode())))
    return certificate


def new_exchange(desk: Desk, seed: bytes, until: int, drop: tuple[int, ...] = ()) -> ExchangeKey:
    """An exchange key; those that are dropped prove nothing any more."""
    check_root(desk, seed)
    known = tuple(key for key in desk.trust.list.exchange if key.number not in drop)
    number = 1 + max((key.number for key in desk.trust.list.exchange), default=0)
    while desk.places.exchange(number).exists():  # of an attempt that did not come to a list
        number += 1
    if number > MOST_EXCHANGE:
        raise SeedBad(_("there are no numbers left for exchange keys"))
    made = exchange_key(number, vault.make(desk.places.exchange(number), "exchange"), until)
    publish(desk, seed, exchange=(*known, made))
    return made


def exchange_key(number: int, seed: bytes, until: int) -> ExchangeKey:
    return ExchangeKey(number, agree_public_of(seed), curve_public_of(seed), until)


def _free(desk: Desk, number: int) -> int:
    while desk.places.issuer(number).exists():  # of an attempt that did not come to a list
        number += 1
    return number


def _published(desk: Desk, seed: bytes, changes: dict[str, object]) -> TrustList:
    waiting, old = pending(desk), desk.trust.list
    issuers = changes.pop("issuers", old.issuers)
    assert isinstance(issuers, tuple)  # noqa: S101 - for mypy
    revoked = tuple(_revoked(one, waiting) for one in issuers)
    lost = (*old.lost, *(one for one in waiting.lost if one not in old.lost))
    said = {"number": old.number + 1, "made": desk.now, "issuers": revoked, "lost": lost, **changes}
    made = msgspec.structs.replace(old, **said)
    desk.trust, desk.issuers = beside.take(desk.places.trust, trust.seal(made, seed)), None
    with desk.change():
        keep(desk.store, "pending", Pending())
        desk.note("trust list published", number=made.number, revoked=list(waiting.revoked), lost=len(made.lost))
    return made


def _revoked(one: Issuer, waiting: Pending) -> Issuer:
    from smena.keys.certificates import decode

    gone = decode(one.certificate).number in waiting.revoked
    return msgspec.structs.replace(one, revoked=True) if gone else one
