"""Licence keys of this home: added, listed, opened with their PIN.

A PIN comes from the file that was named when the key was added, from the service manager, or from whoever is asked;
each call asks once, and the PIN goes nowhere but to the token.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from smena import clock
from smena.definition.model import Definition
from smena.errors import FileMissing, KeyUnfit, SmenaError, TokenMissing, TrustBad, WrongUsage
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.intake import definitions
from smena.keys import ring, times, trust
from smena.keys.codec import files as carried
from smena.keys.codec.messages import Question
from smena.keys.exchange import reading
from smena.keys.exchange.ports import Identity, Key
from smena.keys.exchange.reading import Held
from smena.keys.pins import Pins, source
from smena.keys.ring import About, New, Place
from smena.keys.tokens import guardant, kinds, pkcs11, software, virtual
from smena.keys.tokens.kinds import Ask, Keep
from smena.keys.tokens.software import SoftwareKey
from smena.keys.trust import Anchor
from smena.keys.wizard import progress
from smena.text import Text, _, plain


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says of a new key."""

    name: str
    kind: str
    product: str
    trust: Path | None = None
    order: str = ""
    network: bool = False
    pin_file: Path | None = None
    library: str | None = None
    token: str | None = None
    beside: bool = False
    typed: bool = True


@dataclass(frozen=True)
class View:
    """A key as it is now. Without `held` it could not be read, and `trouble` says why."""

    place: Place
    identity: Identity | None = None
    held: Held | None = None
    objections: tuple[SmenaError, ...] = ()
    trouble: SmenaError | None = None
    warning: Text | None = None
    realm: bytes = b""
    list: int = 0
    owed: bool = False
    """The last confirmation was not sent, as far as smena was told."""

    @property
    def pending(self) -> Question | None:
        return None if self.held is None else self.held.pending


def named(home: Path, name: str | None) -> Place:
    """The key of this name; without one, the only key that there is."""
    if name is not None:
        return ring.get(home, name)
    known = ring.names(home)
    if len(known) == 1:
        return ring.get(home, known[0])
    if not known:
        raise WrongUsage(_("there is no key here yet"), hint=_("smena key add NAME --kind KIND --product PRODUCT"))
    raise WrongUsage(
        _("say which key is meant"), why=[plain(one) for one in known], hint=_("--key {name}", name=known[0])
    )


@contextmanager
def used(place: Place, pins: Pins | None = None) -> Iterator[Key]:
    """The key, opened."""
    with ring.opened(place, Ask(pin=source(place, pins))) as key:
        yield key


def now() -> int:
    """The time as keys count it."""
    return times.hours(clock.now())


def look(place: Place, pins: Pins | None = None) -> View:
    """What can be measured of one key."""
    try:
        with used(place, pins) as key:
            held = reading.read(key)
            return View(
                place,
                identity=key.token.identity(),
                held=held,
                objections=reading.objections(key, held, now()),
                warning=key.unbound.warning if isinstance(key, SoftwareKey) else None,
                realm=key.trust.realm,
                list=key.trust.list.number,
                owed=_is_owed(place, held),
            )
    except SmenaError as error:
        return View(place, trouble=error)


def _is_owed(place: Place, held: Held) -> bool:
    said = held.record.confirmation
    return bool(said) and progress.mark(said) not in progress.read(place.folder).sent


def listed(home: Path, pins: Pins | None = None) -> list[View]:
    return [look(place, pins) for place in ring.places(home)]


def definition_of(home: Path, place: Place) -> Definition:
    return definitions.find(place.about.product, home)


def add(home: Path, said: Adding, pins: Pins | None = None) -> View:
    """Make a new key, or take one into use that cannot be read. Interrupted, it can be repeated."""
    definition = definitions.find(said.product, home)
    _refuse_kind(definition, said.kind)
    about = About(
        product=str(definition.product),
        order=said.order,
        network=said.network,
        pin_file=encode(said.pin_file.absolute()) if said.pin_file else "",
    )
    if said.kind == guardant.KIND:
        ring.add(home, New(name=said.name, keep=Keep(kind=said.kind), about=about), lambda _folder: None)
        return look(ring.get(home, said.name))
    data = _list_for(definition, said)
    anchor = _anchor(definition, data)
    keep = Keep(kind=said.kind, token=_token(said) if said.kind == pkcs11.KIND else None)
    trust.accept(anchor, data)  # refused before anything is made
    new = New(name=said.name, keep=keep, about=about, anchor=anchor, trust=data)
    place = ring.add(home, new, _maker(said, keep, anchor.realm, about, pins))
    return look(place, pins)


def _maker(said: Adding, keep: Keep, realm: bytes, about: About, pins: Pins | None) -> Callable[[Path], None]:
    """What makes the secret of this kind."""
    if said.kind == virtual.KIND:
        return virtual.make
    if said.kind == software.KIND:
        return software.make

    def on_token(folder: Path) -> None:
        assert keep.token is not None  # noqa: S101 - a token has one
        given = source(Place(said.name, folder, about, keep), pins)
        pkcs11.make(folder, keep.token, realm, given, typed=said.typed)

    return on_token


def _refuse_kind(definition: Definition, kind: str) -> None:
    known = definition.keys.kinds if definition.keys is not None else ()
    if kind in known and kind in kinds.KINDS:
        return
    why = [_("its definition names these kinds: {names}", names=", ".join(known))] if known else []
    raise KeyUnfit(
        _("{product} has no keys of the kind {kind}", product=definition.product, kind=kind),
        why=why,
        hint=plain(f"smena product show {definition.product}"),
    )


def _list_for(definition: Definition, said: Adding) -> bytes:
    """The first trust list: from the file that was named, else from the definition."""
    if said.trust is not None:
        return carried.read_trust(read_file(said.trust))
    inside = definition.keys.trust if definition.keys is not None else None
    if inside is None:
        raise KeyUnfit(
            _("it is not known whom a key of {product} is to believe", product=definition.product),
            hint=_("ask the vendor for the trust list, and give it with --trust FILE"),
        )
    try:
        return base64.b64decode("".join(inside.split()), validate=True)
    except binascii.Error as error:
        raise TrustBad(_("the trust list in the definition of {product} is damaged", product=said.product)) from error


def _anchor(definition: Definition, data: bytes) -> Anchor:
    """Whom the key will belong to: the realm that the definition names, else that of the first list."""
    realm, _demo = trust.whose(data)
    wanted = definition.keys.realm if definition.keys is not None else None
    return Anchor(realm=realm if wanted is None else _realm(wanted), demo=definition.demo)


def _realm(wanted: str) -> bytes:
    try:
        return bytes.fromhex(wanted)
    except ValueError as error:
        raise TrustBad(_("the definition names a realm that is none"), why=[plain(wanted[:80])]) from error


def _token(said: Adding) -> pkcs11.Spec:
    """The token that was named, else the only one that is there."""
    if said.library is None:
        raise WrongUsage(_("say through which library the token is used"), hint=_("--library FILE"))
    if said.token is not None:
        return pkcs11.Spec(library=said.library, serial=said.token, beside=said.beside)
    seen = [one for one in pkcs11.found(said.library) if one.serial]  # without one it was never initialised
    if not seen:
        raise TokenMissing(_("no token is there"), hint=_("put it in, then try again"))
    if len(seen) > 1:
        raise WrongUsage(
            _("there are several tokens: say which one"),
            why=[_("{serial}: {label}, {model}", serial=t.serial, label=t.label, model=t.model) for t in seen],
            hint=_("--token SERIAL"),
        )
    return pkcs11.Spec(library=said.library, serial=seen[0].serial, beside=said.beside)


def read_file(path: Path) -> bytes:
    """A file that somebody named."""
    if not path.is_file():
        raise FileMissing(_("there is no file {path}", path=encode(path)))
    with telling(_("cannot read {path}", path=encode(path))):
        return path.read_bytes()
