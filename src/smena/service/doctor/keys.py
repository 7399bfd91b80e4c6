"""Licence keys: whether each can be used, what it waits for, and what will end soon.

Nobody is asked for a PIN here: a token that wants one is only seen to be there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from smena import clock
from smena.errors import KeyUnmeasured, PinNeeded, SmenaError
from smena.keys import beside, ring, times
from smena.keys.ring import Place
from smena.service import keyring
from smena.service.doctor.finding import Finding, missing, ok, told, wrong
from smena.service.doctor.scene import Scene
from smena.service.keyring import View
from smena.text import Text, _, plain

_SOON = timedelta(days=30)
_LONG, _OLD_LIST = 14 * 24, 365 * 24


def keys(scene: Scene) -> Iterator[Finding]:
    names = ring.names(scene.home)
    if not names:
        yield ok("keys", _("licence keys"), _("none is known here"))
    for name in names:
        try:
            place = ring.get(scene.home, name)
        except SmenaError as error:
            yield told("key", _what(name), error)
            continue
        yield from _one(place)


def _one(place: Place) -> Iterator[Finding]:
    view = keyring.look(place)
    found = [*_unread(view)] if view.trouble is not None else [*_troubles(view), *_waiting(view), *_ending(view)]
    yield from found
    if place.measured:
        yield from _list(place)
    if view.trouble is None and not found:
        yield ok("key", _what(place.name), _("well"))


def _unread(view: View) -> Iterator[Finding]:
    what, name = _what(view.place.name), view.place.name
    if isinstance(view.trouble, KeyUnmeasured):
        yield missing("key", what, view.trouble.message, plain(f"smena key wizard --key {name}"))
    elif isinstance(view.trouble, PinNeeded):
        yield ok("key", what, _("its token is there; what it holds is read with its PIN: smena key show"))
    elif view.trouble is not None:
        yield told("key", what, view.trouble)


def _troubles(view: View) -> Iterator[Finding]:
    what, name = _what(view.place.name), view.place.name
    yield from (told("key", what, error) for error in view.objections)
    if view.warning is not None:
        yield wrong("key.bound", what, view.warning, plain(f"smena key question --rebind --key {name}"))


def _waiting(view: View) -> Iterator[Finding]:
    what, name, pending = _what(view.place.name), view.place.name, view.pending
    if view.owed:
        said = _("the confirmation of its last answer has not been sent")
        yield wrong("key.confirmation", what, said, plain(f"smena key confirmation --key {name}"))
    if pending is not None:
        said = _("its question of {when} has no answer yet", when=times.shown(pending.hours))
        if keyring.now() - pending.hours > _LONG:
            yield wrong("key.question", what, said, plain(f"smena key wizard --key {name}"))
        else:
            yield ok("key.question", what, said)


def _ending(view: View) -> Iterator[Finding]:
    expires = view.held.licence.expires if view.held is not None else None
    if expires is not None and expires < clock.now().date() + _SOON:
        said = _("its licence ends on {day}", day=plain(expires))
        hint = _("smena key question --key {name} --reason WORDS", name=view.place.name)
        yield wrong("key.end", _what(view.place.name), said, hint)


def _list(place: Place) -> Iterator[Finding]:
    """A list a year old does not know of issuers that were stolen since."""
    what = _("trust list of the key {name}", name=place.name)
    try:
        found = beside.read(place.folder).list
    except SmenaError as error:
        yield told("key.trust", what, error)
        return
    said = _("number {number}, of {when}", number=found.number, when=times.shown(found.made))
    if keyring.now() - found.made > _OLD_LIST:
        yield missing("key.trust", what, said, _("a newer one comes with definitions, releases and answer files"))
    else:
        yield ok("key.trust", what, said)


def _what(name: str) -> Text:
    return _("licence key {name}", name=name)
