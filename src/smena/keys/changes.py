"""What an answer changes, line by line, for people; and whether any of it takes something away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date

import msgspec

from smena.keys.licence import Licence
from smena.text import Text, _, plain


class Change(msgspec.Struct, frozen=True):
    """One line: what it is about, what it was, what it becomes; `less` if the customer has less of it afterwards."""

    what: Text
    old: Text
    new: Text
    less: bool = False


Limit = int | date


def changes(old: Licence, new: Licence) -> list[Change]:
    """Everything that a person should see; epoch, time and issuer speak for themselves."""
    return [change for change in _all(old, new) if change.old != change.new]


def reduces(old: Licence, new: Licence) -> bool:
    """Whether anything becomes less: then only a signed confirmation proves that it was applied."""
    return any(change.less for change in changes(old, new))


def _all(old: Licence, new: Licence) -> Iterator[Change]:
    yield _word(_("product"), old.product, new.product)
    yield _word(_("edition"), old.edition, new.edition)
    for name in sorted(old.components | new.components):
        yield _one_of(_("component {name}", name=name), name in old.components, name in new.components)
    for name in sorted(old.majors | new.majors):
        yield _one_of(_("version {name}", name=name), name in old.majors, name in new.majors)
    yield _ceiling(_("new versions until"), old.maintenance_until, new.maintenance_until)
    yield _ceiling(_("seats"), old.seats, new.seats)
    yield from _ceilings(_seats_of, old.module_seats, new.module_seats)
    yield _ceiling(_("valid until"), old.expires, new.expires, none_is_all=True)
    yield from _ceilings(_limit_of, old.limits, new.limits, none_is_all=True)
    yield _word(_("bound to the computer"), old.binding.hex(), new.binding.hex())


def _word(what: Text, old: str, new: str) -> Change:
    return Change(what, _shown(old or None), _shown(new or None), less=bool(old) and not new)


def _one_of(what: Text, old: bool, new: bool) -> Change:
    return Change(what, _("yes") if old else _("no"), _("yes") if new else _("no"), less=old and not new)


def _ceilings(
    what: Callable[[str], Text], old: Mapping[str, Limit], new: Mapping[str, Limit], *, none_is_all: bool = False
) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        yield _ceiling(what(name), old.get(name), new.get(name), none_is_all=none_is_all)


def _ceiling(what: Text, old: Limit | None, new: Limit | None, *, none_is_all: bool = False) -> Change:
    """A number or a day up to which something counts. None is nothing, or with `none_is_all` no ceiling at all."""
    ends = {True: (new is not None and old is None), False: (new is None and old is not None)}
    less = ends[none_is_all] if old is None or new is None else _below(new, old)
    return Change(what, _shown(old), _shown(new), less=less)


def _below(new: Limit, old: Limit) -> bool:
    return new < old  # type: ignore[operator]


def _shown(value: str | Limit | None) -> Text:
    return _("none") if value is None else plain(value)


def _seats_of(name: str) -> Text:
    return _("seats of {name}", name=name)


def _limit_of(name: str) -> Text:
    return _("{name} valid until", name=name)
