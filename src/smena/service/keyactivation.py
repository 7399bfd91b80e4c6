"""Activating a software key without a network: a request out by file or QR code, an answer in, a confirmation out."""

from __future__ import annotations

from pathlib import Path

import msgspec

from smena.errors import SerialUsed
from smena.host import files
from smena.host.native import attributes
from smena.host.paths import encode
from smena.keys import activation, ring
from smena.keys.codec import files as carried
from smena.keys.pins import Pins
from smena.keys.wizard.letters import Letter
from smena.service import keyexchange, keyletters, keyring
from smena.service.keyexchange import Wanted
from smena.service.keyletters import Outgoing
from smena.service.keyring import Adding
from smena.text import Text, _


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What goes to the vendor; again: the same question."""

    key: str
    order: str
    text: str
    file: str
    """Where it lies, in the escaped form."""
    enrolment: Outgoing
    question: Outgoing
    letter: Letter


def request(home: Path, said: Adding, pins: Pins | None = None) -> Request:
    """Make the key unless it is there, and the request. A key that is active already is refused."""
    activation.refuse_used(said.order, said.name, ring.places(home))
    if said.name not in ring.names(home):
        keyring.add(home, said, pins)
    place = ring.get(home, said.name)
    _refuse_active(keyring.look(place, pins), said.order)
    enrolment = keyexchange.enrolment(home, place, pins)
    question = keyexchange.question(home, place, Wanted(reason=str(_reason(said.order))), pins)
    head = _("Activation of {product}, serial number {order}", product=place.about.product, order=said.order)
    text = activation.request(enrolment.message, question.message, head)
    path = place.folder / "letters" / f"{place.name}{carried.ACTIVATION}"
    files.write_file(path, text.encode("utf-8"), attributes.own(0o600))
    letter = msgspec.structs.replace(question.letter, text=text, files=((path.name, text),))
    return Request(
        key=place.name,
        order=said.order,
        text=text,
        file=encode(path),
        enrolment=enrolment,
        question=question,
        letter=letter,
    )


def draft(home: Path, made: Request) -> Path:
    return keyletters.write_draft(ring.get(home, made.key), f"{made.key}-activation.eml", made.letter)


def _reason(order: str) -> Text:
    return _("activation of the serial number {order}", order=order)


def _refuse_active(view: keyring.View, order: str) -> None:
    if view.trouble is not None:
        raise view.trouble
    if view.held is not None and view.held.licence.epoch:
        raise SerialUsed(
            _("the key {key} is activated already, with the serial number {order}", key=view.place.name, order=order),
            state=_("nothing was changed"),
            hint=_("smena key show --key {key}", key=view.place.name),
        )
