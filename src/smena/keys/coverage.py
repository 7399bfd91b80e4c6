"""Whether licences cover a version: pure rules, for the gate before an upgrade.

Several keys may do it together: each must allow the version and the edition and count today; then their components
are put together and their seats added. What a licence does not name it does not grant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from smena.keys.licence import BLANK, Licence
from smena.text import Text, _, plain


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What a version of a product asks of the licences. None: it is not asked."""

    version: str
    released: date | None = None
    edition: str | None = None
    components: tuple[str, ...] = ()
    seats: int | None = None
    """Seats in use today: a licence for fewer would lock people out."""


def lacks(licences: Sequence[Licence], need: Need, today: date) -> tuple[Text, ...]:
    """Everything that is missing, as words for people; empty when the version is covered."""
    fit = [licence for licence in licences if not any(_against(licence, need, today))]
    if fit:
        return tuple(_together(fit, need, today))
    nearest = min(licences, key=lambda one: len(list(_against(one, need, today))), default=BLANK)
    return (*_against(nearest, need, today), *_together([nearest], need, today))


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
    if need.seats is not None and all(licence.seats is not None for licence in fit):
        seats = sum(licence.seats or 0 for licence in fit)
        if seats < need.seats:
            yield _("{wanted} seats, so many are in use (it has {seats})", wanted=need.seats, seats=seats)


def _components(licence: Licence, today: date) -> Iterator[str]:
    """Those that count today."""
    for name in licence.components:
        until = licence.limits.get(name)
        if until is None or until >= today:
            yield name
