"""What an answer changes, line by line, for people; and whether any of it takes something away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from typing import NamedTuple

import msgspec

from smena.keys.licence import Licence, seats_of
from smena.text import Text, _, plain


class Change(msgspec.Struct, frozen=True):
    """One line: what it is about, what it was, what it becomes; `less` if the customer has less of it afterwards."""

    what: Text
    old: Text
    new: Text
    less: bool = False


Limit = int | date
Value = str | bool | Limit | Text | None
_UNCOUNTED = _("without a count")


class _Line(NamedTuple):
    """A change before there are words for it: they are made only where somebody reads them."""

    what: Callable[[], Text]
    old: Value
    new: Value
    less: bool


def changes(old: Licence, new: Licence) -> list[Change]:
    """Everything that a person should see; epoch, time and issuer speak for themselves."""
    return [
        Change(line.what(), _shown(line.old), _shown(line.new), less=line.less)
        for line in _all(old, new)
        if line.old != line.new
    ]


def reduces(old: Licence, new: Licence) -> bool:
    """Whether anything becomes less: then only a signed confirmation proves that it was applied."""
    if not old.product:  # nothing was granted yet
        return False
    return any(line.less and line.old != line.new for line in _all(old, new))


def _all(old: Licence, new: Licence) -> Iterator[_Line]:
    yield _word(lambda: _("product"), old.product, new.product)
    yield _word(lambda: _("edition"), old.edition, new.edition)
    yield from _parts(lambda name: _("component {name}", name=name), old.components, new.components)
    yield from _parts(lambda name: _("version {name}", name=name), old.majors, new.majors)
    yield _ceiling(lambda: _("new versions until"), old.maintenance_until, new.maintenance_until)
    yield from _seats(old, new)
    yield _ceiling(lambda: _("valid until"), old.expires, new.expires, none_is_all=True)
    yield from _ceilings(lambda name: _("{name} valid until", name=name), old.limits, new.limits, none_is_all=True)
    yield _word(lambda: _("bound to the computer"), old.binding.hex(), new.binding.hex())


def _word(what: Callable[[], Text], old: str, new: str) -> _Line:
    return _Line(what, old or None, new or None, bool(old) and not new)


def _parts(what: Callable[[str], Text], old: frozenset[str], new: frozenset[str]) -> Iterator[_Line]:
    for name in sorted(old | new):
        yield _Line(partial(what, name), name in old, name in new, name in old and name not in new)


def _seats(old: Licence, new: Licence) -> Iterator[_Line]:
    """In all, then of single modules: one that is not named any more shares the total, if the licence has it still."""
    yield _Line(lambda: _("seats"), _counted(old), _counted(new), _fewer(seats_of(old), seats_of(new)))
    for name in sorted(_different(old.module_seats, new.module_seats)):
        less = _fewer(seats_of(old, name), seats_of(new, name))
        what = partial(_seats_of, name)
        yield _Line(what, old.module_seats.get(name), new.module_seats.get(name), less)


def _different(old: Mapping[str, int], new: Mapping[str, int]) -> set[str]:
    return {name for name in {*old, *new} if old.get(name) != new.get(name)}


def _seats_of(name: str) -> Text:
    return _("seats of {name}", name=name)


def _counted(licence: Licence) -> Value:
    return _UNCOUNTED if licence.product and licence.seats is None else licence.seats


def _fewer(old: int | None, new: int | None) -> bool:
    """Whether a ceiling comes down; None: there is none."""
    return new is not None and (old is None or new < old)


def _ceilings(
    what: Callable[[str], Text], old: Mapping[str, Limit], new: Mapping[str, Limit], *, none_is_all: bool = False
) -> Iterator[_Line]:
    for name in sorted({*old, *new}):
        yield _ceiling(partial(what, name), old.get(name), new.get(name), none_is_all=none_is_all)


def _ceiling(what: Callable[[], Text], old: Limit | None, new: Limit | None, *, none_is_all: bool = False) -> _Line:
    """A number or a day up to which something counts. None is nothing, or with `none_is_all` no ceiling at all."""
    if old is None or new is None:
        less = (old is None and new is not None) if none_is_all else (new is None and old is not None)
    else:
        less = _below(new, old)
    return _Line(what, old, new, less)


def _below(new: Limit, old: Limit) -> bool:
    return new < old  # type: ignore[operator]


def _shown(value: Value) -> Text:
    if value is None:
        return _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, Text) else plain(value)
