"""Which keys of a product are here now: each proves itself over a fresh challenge, without a network.

A run has nobody who could be asked for a PIN. So where a person gave it when the upgrade was proven, that proof is
kept beside the key for a day: the token's signature over its time, checked again with the public key that the vendor
signed, and the token has to be plugged in still.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from smena import clock
from smena.errors import KeyProofBad, PinNeeded, SmenaError, TokenMissing
from smena.host import files
from smena.host.native import attributes
from smena.keys import beside, packing, record, ring, stored, times
from smena.keys.exchange import proving, reading
from smena.keys.exchange.ports import Key
from smena.keys.exchange.reading import Held
from smena.keys.pins import Pins, source
from smena.keys.primitives import digest, random_bytes
from smena.keys.ring import Place
from smena.keys.tokens import pkcs11
from smena.keys.tokens.kinds import Ask
from smena.text import _

_FILE = "proof.json"
_HOURS = 24


class Proof(msgspec.Struct, frozen=True):
    """What a token signed, and what it held then."""

    hours: int
    salt: bytes
    signature: bytes
    record: bytes


@dataclass(frozen=True)
class Present:
    """One key. It counts if there is nothing against it."""

    place: Place
    held: Held | None = None
    troubles: tuple[SmenaError, ...] = ()
    demo: bool = False
    """Of a demonstration's vendor: it counts for demonstrations only."""

    @property
    def counts(self) -> bool:
        return self.held is not None and not self.troubles


def all_of(home: Path, product: str, pins: Pins | None = None) -> list[Present]:
    """Every key of this product that smena can read."""
    found = [place for place in ring.places(home) if place.about.product == product and place.measured]
    return [_present(place, pins) for place in found]


def unmeasured(home: Path, product: str) -> Sequence[Place]:
    """Every key of this product that only its maker's program can read."""
    return [place for place in ring.places(home) if place.about.product == product and not place.measured]


def _present(place: Place, pins: Pins | None) -> Present:
    now = times.hours(clock.now())
    try:
        with ring.opened(place, Ask(pin=source(place, pins))) as key:
            held = proving.present(key)
            troubles = reading.objections(key, held, now)
            if place.keep.kind == pkcs11.KIND:
                _keep(place, key, held, now)
            return Present(place, held, troubles, demo=key.trust.anchor.demo)
    except PinNeeded as error:
        return _remembered(place, now) or Present(place, troubles=(error,))
    except SmenaError as error:
        return Present(place, troubles=(error,))


def _keep(place: Place, key: Key, held: Held, now: int) -> None:
    salt, content = random_bytes(16), held.record.encode()
    proof = Proof(now, salt, proving.prove(key, _challenge(now, salt, content)), content)
    files.write_file(place.folder / _FILE, msgspec.json.encode(proof), attributes.own(0o600))


def _remembered(place: Place, now: int) -> Present | None:
    """What was proven with a person's PIN, while it is fresh and the token is still there."""
    path = place.folder / _FILE
    proof = packing.read(path.read_bytes(), Proof) if path.exists() else None
    if proof is None or not 0 <= now - proof.hours <= _HOURS:
        return None
    try:
        return _verified(place, proof, now)
    except SmenaError as error:
        return Present(place, troubles=(error,))


def _verified(place: Place, proof: Proof, now: int) -> Present:
    trust = beside.read(place.folder)
    found = record.decode(proof.record)
    lying = found.stored
    if lying is None or not proving.is_proof(
        lying.public, _challenge(proof.hours, proof.salt, proof.record), trust.realm, proof.signature
    ):
        raise KeyProofBad(_("what this key proved cannot be believed any more"), hint=_("begin the upgrade again"))
    _refuse_missing(place)
    licence = stored.verified(lying, trust.realm)
    troubles = stored.objections(lying, licence, trust, now)
    return Present(place, Held(found, licence), troubles, demo=trust.anchor.demo)


def _refuse_missing(place: Place) -> None:
    token = place.keep.token
    if token is None or all(one.serial != token.serial for one in pkcs11.found(token.library)):
        raise TokenMissing(_("the token of the key {name} is not there", name=place.name), hint=_("put it in again"))


def _challenge(hours: int, salt: bytes, content: bytes) -> bytes:
    """Over what the token held, too: an older record, genuine as it may be, is not what was proven."""
    return digest(hours.to_bytes(4, "big") + salt + digest(content))
