"""The exchange as a customer does it: question out, answer in, confirmation out. Each can be repeated at any time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from smena.errors import KeyUnfit, KeyUnmeasured, QuestionNone
from smena.host.facts.programs import programs
from smena.instances import registry
from smena.instances.services import specs
from smena.instances.values import rendered
from smena.instances.world import lookups_of
from smena.intake import definitions
from smena.keys import beside, vendor_letter
from smena.keys.changes import Change, changes
from smena.keys.codec import files as carried
from smena.keys.codec.messages import Op
from smena.keys.exchange import applying, asking, reading
from smena.keys.exchange.ports import Key
from smena.keys.licence import Licence
from smena.keys.pins import Pins
from smena.keys.ring import Place
from smena.keys.tokens import guardant, software
from smena.keys.tokens.software import SoftwareKey
from smena.keys.vendor_letter import VendorLetter
from smena.keys.wizard import modules, progress
from smena.keys.wizard.modules import Module
from smena.service import keyletters
from smena.service.control import services_of
from smena.service.keyletters import Outgoing
from smena.service.keyring import definition_of, now, read_file, used
from smena.text import Text, _


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a question is to be like."""

    typed: bool = False
    rebind: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Offered:
    """An answer that was verified, and what it would change."""

    message: bytes
    old: Licence
    new: Licence
    changes: list[Change]
    applied: bool


def enrolment(home: Path, place: Place, pins: Pins | None = None) -> Outgoing:
    """How the key introduces itself to the vendor."""
    _refuse_unmeasured(place)
    with used(place, pins) as key:
        made = asking.enrol(key.token, key.trust.realm, now(), place.about.order)
        return keyletters.outgoing(place, definition_of(home, place), made, key.token.identity().key_id)


def question(home: Path, place: Place, wanted: Wanted, pins: Pins | None = None) -> Outgoing:
    """The open question, or a new one; it lies on the key before anybody sees it."""
    _refuse_unmeasured(place)
    if wanted.reason:
        progress.change(place.folder, reason=wanted.reason)
    with used(place, pins) as key:
        before = reading.read(key).record.pending
        identity = key.token.identity()
        op = Op.REBIND if wanted.rebind else Op.UPDATE
        wish = asking.Wish(op=op, typed=wanted.typed, binding=identity.binding if wanted.rebind else b"")
        made = asking.ask(key, now(), wish)
        return keyletters.outgoing(place, definition_of(home, place), made, identity.key_id, again=made == before)


def loss(place: Place, pins: Pins | None = None) -> Text:
    """What cancelling the open question would lose."""
    _refuse_unmeasured(place)
    with used(place, pins) as key:
        pending = reading.read(key).pending
    if pending is None:
        raise QuestionNone(_("this key has no open question"))
    return asking.loss(pending)


def cancel(place: Place, pins: Pins | None = None) -> None:
    with used(place, pins) as key:
        asking.cancel(key)


def offered(place: Place, content: bytes, name: str = "", pins: Pins | None = None) -> Offered:
    """What an answer would change; nothing is written but a newer trust list, if one came with it."""
    carried.refuse_foreign(name)
    _refuse_unmeasured(place)
    came = carried.read_bytes(content, name)
    if came.trust:
        beside.take(place.folder, came.trust)
    with used(place, pins) as key:
        opened = applying.look(key, came.message, now())
        said = changes(opened.held.licence, opened.new)
        return Offered(came.message, opened.held.licence, opened.new, said, opened.applied)


def apply(home: Path, place: Place, answer: bytes, pins: Pins | None = None) -> Outgoing:
    """The confirmation. The same answer again changes nothing and gives the same one."""
    with used(place, pins) as key:
        before = reading.read(key).record.confirmation
        made = applying.apply(key, answer, now())
        _bind_anew(place.folder, key)
        return keyletters.outgoing(
            place, definition_of(home, place), made, key.token.identity().key_id, again=made == before
        )


def confirmation(home: Path, place: Place, *, typed: bool = False, pins: Pins | None = None) -> Outgoing:
    """That of the last answer, as often as wanted."""
    _refuse_unmeasured(place)
    with used(place, pins) as key:
        made = applying.confirmation(key, now(), typed=typed)
        return keyletters.outgoing(place, definition_of(home, place), made, key.token.identity().key_id, again=True)


def sent(place: Place, out: Outgoing) -> None:
    """A person says that it is on its way."""
    progress.sent(place.folder, out.mark)


def letter(place: Place, file: Path, covers: tuple[str, ...]) -> VendorLetter:
    """Record what the vendor has written about a key that only its maker can read."""
    if place.measured:
        raise KeyUnfit(
            _("the key {name} says itself what it covers; it needs no letter", name=place.name),
            hint=_("smena key show --key {name}", name=place.name),
        )
    return vendor_letter.keep(place.folder, file.name, read_file(file), covers)


def open_modules(home: Path, product: str, patterns: tuple[str, ...]) -> list[Module]:
    """Everything of the product that runs on this host: programs by their names, services of its instances."""
    literal = [pattern for pattern in patterns if "${" not in pattern]
    found: list[Module] = []
    for instance in registry.instances(home):
        if instance.product == product:
            found += _services(home, instance.name)
            literal += _rendered(home, instance.name, patterns)
    return [*found, *modules.among(programs().value, literal)]


def modules_of(home: Path, place: Place) -> list[Module]:
    keys = definition_of(home, place).keys
    return open_modules(home, place.about.product, tuple(str(name) for name in keys.modules) if keys else ())


def _services(home: Path, name: str) -> list[Module]:
    instance = registry.get(home, name)
    definition = definitions.find(instance.product, home)
    control = services_of(home, instance)
    found = specs(lookups_of(definition, instance, home))
    return [Module(spec.name, instance=name) for spec in found if control.running(spec)]


def _rendered(home: Path, name: str, patterns: tuple[str, ...]) -> list[str]:
    instance = registry.get(home, name)
    found = lookups_of(definitions.find(instance.product, home), instance, home)
    return [rendered(pattern, found) for pattern in patterns if "${" in pattern]


def _bind_anew(folder: Path, key: Key) -> None:
    """A software key follows its licence to the computer as it is now; the secret stays the same."""
    if not isinstance(key, SoftwareKey) or not key.unbound.changed:
        return
    if reading.read(key).licence.binding == key.token.identity().binding:
        software.rebind(folder, key)


def _refuse_unmeasured(place: Place) -> None:
    if not place.measured:
        raise KeyUnmeasured(
            _("only the program of its maker can change the key {name}", name=place.name),
            why=list(guardant.refuse().why),
            hint=_("smena key wizard --key {name} leads through it", name=place.name),
        )
