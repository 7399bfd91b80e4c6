"""Whether licences cover a version: pure rules, for the gate before an upgrade.

Several keys may do it together: each must allow the version and the edition and count today; then their components
are put together and their seats added. What a licence does not name it does not grant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

import msgspec

from smena.keys.licence import BLANK, Licence, seats_of
from smena.text import Text, _, plain


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What a version of a product asks of the licences. None: it is not asked."""

    version: str
    released: date | None = None
    edition: str | None = None
    components: tuple[str, ...] = ()
    seats: int | None = None
    """Seats in use today: a licence for fewer would lock people out."""
    module_seats: Mapping[str, int] = {}
    """The same of single modules."""


def lacks(licences: Sequence[Licence], need: Need, today: date) -> tuple[Text, ...]:
    """Everything that is missing, as words for people; empty when the version is covered."""
    fit = _fit(licences, need, today)
    if fit:
        return tuple(_together(fit, need, today))
    nearest = min(licences, key=lambda one: len(list(_against(one, need, today))), default=BLANK)
    return (*_against(nearest, need, today), *_together([nearest], need, today))


def fewer(licences: Sequence[Licence], before: Need, after: Need, today: date) -> tuple[Text, ...]:
    """Seats of the version that runs which the one to come has not. Where it is known how many are in use, `lacks`
    judges that; else all that there are may be."""
    now, then = _fit(licences, before, today), _fit(licences, after, today)
    if not now or not then:
        return ()
    names: list[str | None] = [] if after.seats is not None else [None]
    names += sorted({name for licence in now for name in licence.module_seats} - set(after.module_seats))
    found = [(name, _seats(now, name, today), _seats(then, name, today)) for name in names]
    return tuple(_fewer(name, old, new) for name, old, new in found if new is not None and (old is None or new < old))


def allows(licence: Licence, version: str, released: date | None) -> bool:
    """By its number, or by the day on which it was made."""
    if any(version == major or version.startswith(f"{major}.") for major in licence.majors):
        return True
    return released is not None and licence.maintenance_until is not None and released <= licence.maintenance_until


def in_words(found: Iterable[Text]) -> Text:
    """Several things in one sentence."""
    first, *rest = found
    return _("{one}, {more}", one=first, more=in_words(rest)) if rest else first


def _against(licence: Licence, need: Need, today: date) -> Iterator[Text]:
    """What keeps this licence from counting for the version at all."""
    if not allows(licence, need.version, need.released):
        yield _("version {version}", version=need.version)
    if need.edition is not None and licence.edition != need.edition:
        yield _("edition {wanted} (it has {edition})", wanted=need.edition, edition=licence.edition or "–")
    if licence.expires is not None and licence.expires < today:
        yield _("a licence that still counts (it ended on {day})", day=plain(licence.expires))


def _together(fit: Sequence[Licence], need: Need, today: date) -> Iterator[Text]:
    granted = {name for licence in fit for name in _components(licence, today)}
    for name in need.components:
        if name not in granted:
            yield _("component {name}", name=name)
    seats = _seats(fit, None, today)
    if need.seats is not None and seats is not None and seats < need.seats:
        yield _("{wanted} seats, so many are in use (it has {seats})", wanted=need.seats, seats=seats)
    for name, wanted in need.module_seats.items():
        seats = _seats(fit, name, today)
        if seats is not None and seats < wanted:
            yield _(
                "{wanted} seats of {name}, so many are in use (it has {seats})", wanted=wanted, name=name, seats=seats
            )


def _components(licence: Licence, today: date) -> Iterator[str]:
    """Those that count today."""
    for name in licence.components:
        until = licence.limits.get(name)
        if until is None or until >= today:
            yield name


def _fit(licences: Sequence[Licence], need: Need, today: date) -> list[Licence]:
    return [licence for licence in licences if not any(_against(licence, need, today))]


def _seats(licences: Iterable[Licence], module: str | None, today: date) -> int | None:
    """Of all together. None: one of them does not count."""
    total = 0
    for licence in licences:
        until = licence.limits.get(module or "")
        seats = 0 if until is not None and until < today else seats_of(licence, module)
        if seats is None:
            return None
        total += seats
    return total


def _fewer(name: str | None, old: int | None, new: int) -> Text:
    before = _("without a count") if old is None else plain(old)
    if name is None:
        return _("seats: {new} instead of {old}", new=new, old=before)
    return _("seats of {name}: {new} instead of {old}", name=name, new=new, old=before)
