"""What a key grants. One licence has one form as bytes (see `entries`), of at most 3,000.

A new key holds `BLANK`: nothing is granted, no change was made. Every answer makes the next state of it: the patch of
the desk, and what the answer's header says (epoch, vendor time, issuer), which no patch may touch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

import msgspec

from smena.errors import LicenceBad
from smena.keys import entries, times
from smena.keys.codec.messages import BINDING, LAST_EPOCH
from smena.keys.entries import Entries, Name
from smena.text import _

LARGEST = 3000
_LONGEST_NAME = 64

EPOCH, TIME, ISSUER = 1, 2, 3
PRODUCT, EDITION, COMPONENT, MAJOR = 10, 11, 12, 13
MAINTENANCE, SEATS, MODULE, EXPIRES, LIMIT = 20, 21, 22, 23, 24
BOUND = 30
_HEADER = {(EPOCH, ""), (TIME, ""), (ISSUER, "")}


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """Dates are the last day on which something counts; None: without end."""

    product: str = ""
    edition: str = ""
    components: frozenset[str] = frozenset()
    majors: frozenset[str] = frozenset()
    """First parts of versions that may be used: `6`, `4.7`."""
    maintenance_until: date | None = None
    """Versions made up to this day may be used, whatever their number."""
    seats: int | None = None
    """None: not counted, so as many as one likes; only a licence for no product grants none."""
    module_seats: Mapping[str, int] = {}
    """Seats of single modules; one that is not named shares the total. Their sum may exceed the total."""
    expires: date | None = None
    limits: Mapping[str, date] = {}
    """Modules and components that count only up to a day."""
    binding: bytes = b""
    """Two bytes for each part of the computer that a software key is bound to."""
    epoch: int = 0
    hours: int = 0
    """The vendor's time when it was made: a floor under the clock."""
    issuer: int = 0


BLANK = Licence()


def seats_of(licence: Licence, module: str | None = None) -> int | None:
    """How many may use the product, or one module of it, at once. None: not counted."""
    granted = module is None or module in licence.module_seats or module in licence.components
    if not licence.product or not granted:
        return 0
    counted = [seats for seats in (licence.seats, licence.module_seats.get(module or "")) if seats is not None]
    return min(counted, default=None)


def canonical(licence: Licence) -> bytes:
    """The one form of a licence."""
    data = entries.join(_entries(licence))
    if len(data) > LARGEST:
        raise LicenceBad(
            _("this licence has {size} bytes; a key holds {most}", size=len(data), most=LARGEST),
            hint=_("name fewer modules and components, or shorten their names"),
        )
    return data


@lru_cache(maxsize=64)
def read(data: bytes) -> Licence:
    """The licence of verified bytes. What this smena does not know is refused: it might take something away."""
    if len(data) > LARGEST:
        raise LicenceBad(_("this licence has {size} bytes; a key holds {most}", size=len(data), most=LARGEST))
    found = entries.split(data)
    unknown = [name for name in found if name[0] not in _KNOWN]
    if unknown:
        raise LicenceBad(
            _("this licence says something that this smena does not know"), hint=_("update smena on this computer")
        )
    try:
        licence = _licence(found)
        if canonical(licence) == data:
            return licence
    except (KeyError, OverflowError, ValueError) as error:
        raise LicenceBad(_("these bytes are no licence")) from error
    raise LicenceBad(_("these bytes are no licence"))


def patch(old: Licence, new: Licence) -> bytes:
    """What the desk changes, as absolute values; the header's part is left out."""
    changed = entries.difference(_entries(old), _entries(new))
    return entries.join({name: value for name, value in changed.items() if name not in _HEADER})


def patched(old: bytes, change: bytes, *, hours: int, issuer: int) -> bytes:
    """The next state, rebuilt without looking at what it says; the same at the desk and on the key."""
    state, wanted = entries.split(old), entries.split_patch(change)
    if _HEADER & set(wanted):
        raise LicenceBad(_("a patch must not change a key's counter, time or issuer"))
    merged = entries.merge(state, wanted)
    epoch = int.from_bytes(state.get((EPOCH, ""), b""), "big") + 1
    if epoch > LAST_EPOCH:
        raise LicenceBad(_("this key was changed as often as it can be; it has to be replaced"))
    data = entries.join({**merged, **_header(epoch, hours, issuer)})
    if len(data) > LARGEST:
        raise LicenceBad(_("this licence has {size} bytes; a key holds {most}", size=len(data), most=LARGEST))
    return data


def next_of(old: Licence, wanted: Licence, *, hours: int, issuer: int) -> Licence:
    """`wanted` as the state that follows `old`."""
    return msgspec.structs.replace(wanted, epoch=old.epoch + 1, hours=hours, issuer=issuer)


# --- to and from entries -------------------------------------------------------------------


def _entries(licence: Licence) -> dict[Name, bytes]:
    found = {**_header(licence.epoch, licence.hours, licence.issuer)}
    for name, value in _said(licence):
        if name in found or len(name[1].encode()) > _LONGEST_NAME or len(value) > 254:
            raise LicenceBad(_("{name} cannot stand in a licence", name=name[1]))
        found[name] = value
    return found


def _header(epoch: int, hours: int, issuer: int) -> dict[Name, bytes]:
    return {(EPOCH, ""): _three(epoch), (TIME, ""): _three(hours), (ISSUER, ""): bytes([issuer])}


def _said(licence: Licence) -> Iterator[tuple[Name, bytes]]:
    for tag, text in ((PRODUCT, licence.product), (EDITION, licence.edition)):
        if text:
            yield (tag, ""), text.encode("utf-8")
    yield from (((COMPONENT, name), b"") for name in licence.components)
    yield from (((MAJOR, name), b"") for name in licence.majors)
    for tag, last in ((MAINTENANCE, licence.maintenance_until), (EXPIRES, licence.expires)):
        if last is not None:
            yield (tag, ""), _three(times.days(last))
    if licence.seats is not None:
        yield (SEATS, ""), _four(licence.seats)
    yield from (((MODULE, name), _four(number)) for name, number in licence.module_seats.items())
    yield from (((LIMIT, name), _three(times.days(last))) for name, last in licence.limits.items())
    if licence.binding:
        yield (BOUND, ""), licence.binding


def _licence(found: Entries) -> Licence:
    def named(tag: int) -> dict[str, bytes]:
        return {name: value for (kind, name), value in found.items() if kind == tag}

    def single(tag: int) -> bytes | None:
        return found.get((tag, ""))

    seats, binding = single(SEATS), single(BOUND) or b""
    if len(binding) not in (0, BINDING):
        raise ValueError
    return Licence(
        product=(single(PRODUCT) or b"").decode("utf-8"),
        edition=(single(EDITION) or b"").decode("utf-8"),
        components=frozenset(named(COMPONENT)),
        majors=frozenset(named(MAJOR)),
        maintenance_until=_day(single(MAINTENANCE)),
        seats=None if seats is None else int.from_bytes(seats, "big"),
        module_seats={name: int.from_bytes(value, "big") for name, value in named(MODULE).items()},
        expires=_day(single(EXPIRES)),
        limits={name: day for name, value in named(LIMIT).items() if (day := _day(value))},
        binding=binding,
        epoch=int.from_bytes(found[EPOCH, ""], "big"),
        hours=int.from_bytes(found[TIME, ""], "big"),
        issuer=found[ISSUER, ""][0],
    )


_KNOWN = {EPOCH, TIME, ISSUER, PRODUCT, EDITION, COMPONENT, MAJOR, MAINTENANCE, SEATS, MODULE, EXPIRES, LIMIT, BOUND}


def _three(number: int) -> bytes:
    return number.to_bytes(3, "big")


def _four(number: int) -> bytes:
    return number.to_bytes(4, "big")


def _day(value: bytes | None) -> date | None:
    return None if value is None else times.day(int.from_bytes(value, "big"))
