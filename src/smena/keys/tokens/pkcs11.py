"""A hardware token, through PKCS#11: two P-256 pairs made inside it, which nothing can take out.

`sign` signs only; `agree` derives only, and exists only where typed questions are wanted. Records lie in data objects
on the token, or in the folder beside it where a token has no room for them: equally safe, since licences are signed.
The PIN is tried once. The token is given back after each use, so the product can use it too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from smena.errors import TokenMissing, TokenUnfit
from smena.host.lock import Lock
from smena.keys.exchange.ports import Identity, Key, StateStore
from smena.keys.primitives import compressed, uncompressed
from smena.keys.tokens import cryptoki, pin
from smena.keys.tokens.filestore import FileStore
from smena.keys.tokens.objects import ObjectStore
from smena.keys.trust import Trust
from smena.text import _

if TYPE_CHECKING:
    from pkcs11 import Session
    from pkcs11 import Token as Hardware

KIND = "pkcs11"
_LOW, _FINAL, _LOCKED, _PAD = 0x10000, 0x20000, 0x40000, 0x100
_CURVE = "secp256r1"


class Spec(msgspec.Struct, frozen=True, kw_only=True):
    """Which token, through which library. `beside`: records lie in the key's folder."""

    library: str
    serial: str
    beside: bool = False


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A token that is there."""

    serial: str
    label: str
    model: str
    firmware: str


def found(library: str) -> list[Found]:
    """Every token that the library sees now. No PIN is needed."""
    with cryptoki.opened(library) as lib, cryptoki.telling(_("cannot look for tokens")):
        return [_found(slot.get_token()) for slot in lib.get_slots(token_present=True)]


def make(folder: Path, spec: Spec, realm: bytes, source: pin.Source, *, typed: bool = True) -> None:
    """Make the pairs inside the token; those that are there already stay. `typed`: one for typed questions too."""
    with _session(folder, spec, source, 0.0) as (session, _token), cryptoki.telling(_("cannot make keys on the token")):
        for role in ("sign", "agree") if typed else ("sign",):
            if _pair(session, realm, role) is None:
                _generate(session, realm, role)


@contextmanager
def opened(folder: Path, spec: Spec, trust: Trust, source: pin.Source = pin.nobody, wait: float = 0.0) -> Iterator[Key]:
    with _session(folder, spec, source, wait) as (session, token):
        store: StateStore = FileStore(folder) if spec.beside else ObjectStore(session, trust.realm)
        yield Key(HardwareToken(session, token, trust.realm), store, trust)


class HardwareToken:
    """Implements `Token`."""

    def __init__(self, session: Session, token: Hardware, realm: bytes) -> None:
        with cryptoki.telling(_("cannot read the token")):
            sign, agree = _pair(session, realm, "sign"), _pair(session, realm, "agree")
            if sign is None:
                raise TokenUnfit(
                    _("this token has no key of this vendor"), hint=_("make one on it first, or put another token in")
                )
            self._sign = sign[1]
            self._agree = agree[1] if agree else None
            about = _found(token)
            self._identity = Identity(
                kind=KIND,
                public=_point(sign[0]),
                agree=_point(agree[0]) if agree else b"",
                model=about.model,
                firmware=about.firmware,
                number=about.serial,
            )

    def identity(self) -> Identity:
        return self._identity

    def sign(self, message: bytes) -> bytes:
        from pkcs11 import Mechanism

        with cryptoki.telling(_("the token cannot sign")):
            made = self._sign.sign(hashlib.sha256(message).digest(), mechanism=Mechanism.ECDSA)
        return bytes(made)

    def agree(self, public: bytes) -> bytes:
        from pkcs11 import KDF, Attribute, KeyType

        if self._agree is None:
            raise TokenUnfit(_("this key cannot make a short question"), hint=_("use the QR code or the file instead"))
        template = {Attribute.TOKEN: False, Attribute.EXTRACTABLE: True, Attribute.SENSITIVE: False}
        with cryptoki.telling(_("the token cannot agree on a secret")):
            point = (KDF.NULL, None, uncompressed(public))
            secret = self._agree.derive_key(KeyType.GENERIC_SECRET, 256, mechanism_param=point, template=template)
            return bytes(secret[Attribute.VALUE])


@contextmanager
def _session(folder: Path, spec: Spec, source: pin.Source, wait: float) -> Iterator[tuple[Session, Hardware]]:
    with Lock(folder / "lock", "key").acquire(wait), cryptoki.opened(spec.library, wait) as library:
        with cryptoki.telling(_("cannot look for tokens")):
            tokens = [slot.get_token() for slot in library.get_slots(token_present=True)]
        token = next((one for one in tokens if _serial(one) == spec.serial), None)
        if token is None:
            raise TokenMissing(
                _("the token {serial} is not there", serial=spec.serial), hint=_("put it in, then try again")
            )
        session = _logged_in(folder, token, source)
        try:
            yield session, token
        finally:
            _closed(session)


def _logged_in(folder: Path, token: Hardware, source: pin.Source) -> Session:
    """One try. Who asked for the PIN answers for it."""
    import pkcs11

    if token.flags & _PAD:
        with cryptoki.telling(_("the token did not let us in")):
            return token.open(rw=True, user_pin=pkcs11.PROTECTED_AUTH)
    given = source()
    pin.refuse_again(folder, given)
    if token.flags & _LOCKED:
        raise pin.wrong(_("the token has locked itself; its maker's program can unlock it"))
    if token.flags & _FINAL and not given.last_try:
        raise pin.wrong(_("only one try is left before the token locks itself; it was not used"))
    with cryptoki.telling(_("the token did not let us in")):
        try:
            session = token.open(rw=True, user_pin=given.value)
        except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked) as error:
            pin.remember(folder, given, refused=True)
            raise pin.wrong(_("it was tried once and is not tried again")) from error
    pin.remember(folder, given, refused=False)
    return session


def _closed(session: Session) -> None:
    """A token that was pulled out cannot be told goodbye; what went wrong before matters more."""
    import pkcs11

    try:
        session.close()
    except pkcs11.PKCS11Error:
        return


def _pair(session: Session, realm: bytes, role: str) -> tuple[Any, Any] | None:
    """The pair of this vendor, which must have been made inside and must not come out."""
    from pkcs11 import Attribute, ObjectClass

    def one(kind: ObjectClass) -> Any:
        wanted = {Attribute.CLASS: kind, Attribute.LABEL: _label(realm, role)}
        return next(iter(list(session.get_objects(wanted))), None)

    public, private = one(ObjectClass.PUBLIC_KEY), one(ObjectClass.PRIVATE_KEY)
    if public is None or private is None:
        return None
    if private[Attribute.EXTRACTABLE] or not private[Attribute.SENSITIVE] or not private[Attribute.LOCAL]:
        raise TokenUnfit(_("the key on this token could be copied, so it is no licence key"))
    return public, private


def _generate(session: Session, realm: bytes, role: str) -> None:
    from pkcs11 import Attribute, KeyType, MechanismFlag
    from pkcs11.util.ec import encode_named_curve_parameters

    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVE)}
    able = MechanismFlag.SIGN | MechanismFlag.VERIFY if role == "sign" else MechanismFlag.DERIVE
    session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
        store=True,
        label=_label(realm, role),
        id=realm[:8] + role.encode("ascii"),
        capabilities=able,
        private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
    )


def _label(realm: bytes, role: str) -> str:
    return f"smena {role} {realm[:8].hex()}"


def _point(public: Any) -> bytes:
    """Some tokens wrap the point in an octet string, some do not."""
    from pkcs11 import Attribute

    raw = bytes(public[Attribute.EC_POINT])
    return compressed(raw[2:] if len(raw) == 67 else raw)


def _found(token: Hardware) -> Found:
    firmware = ".".join(str(number) for number in token.firmware_version)
    return Found(serial=_serial(token), label=token.label.strip(), model=token.model.strip(), firmware=firmware)


def _serial(token: Hardware) -> str:
    return token.serial.decode("latin-1").strip("\0 ")
