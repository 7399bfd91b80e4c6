"""Activating a software key offline: what goes to the vendor, in one file.

The file holds two messages: the key introduces itself with the serial number of what was bought, and asks its first
question. The vendor's desk takes both out of it, enrols the key for that number and answers. How often a number may be
activated is the desk's to know; here a number belongs to one key, and a key to one number.
"""

from __future__ import annotations

from collections.abc import Iterable

from smena.errors import SerialUsed
from smena.keys.codec import files
from smena.keys.numbers import tidy
from smena.keys.ring import Place
from smena.text import Text, _


def request(enrolment: bytes, question: bytes, head: Text) -> str:
    """The file's text."""
    return f"{files.write(enrolment, head=head)}\n{files.write(question)}"


def refuse_used(serial: str, name: str, known: Iterable[Place]) -> None:
    """One serial number, one key."""
    for place in known:
        if place.name != name and place.about.order and tidy(place.about.order) == tidy(serial):
            raise SerialUsed(
                _("the serial number {serial} belongs to the key {key} already", serial=serial, key=place.name),
                state=_("nothing was changed"),
                hint=_("smena key activate {key} --order {serial} goes on with it", key=place.name, serial=serial),
            )
        if place.name == name and tidy(place.about.order) != tidy(serial):
            raise SerialUsed(
                _("the key {key} belongs to another serial number", key=name),
                state=_("nothing was changed"),
                hint=_("give the new key a name of its own"),
            )
