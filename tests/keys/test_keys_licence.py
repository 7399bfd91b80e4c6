"""A licence has one form, a patch makes exactly the next one, and nothing else is read."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smena.errors import LicenceBad
from smena.keys import changes, entries, licence
from smena.keys.codec.messages import LAST_EPOCH
from smena.keys.licence import BLANK, Licence
from support.keyworld import LESS, SEVEN, SIX

names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
days = st.dates(date(1970, 1, 1), date(2199, 12, 31))
seats = st.integers(0, 2**32 - 1)
licences = st.builds(
    Licence,
    product=names,
    edition=st.just("") | names,
    components=st.frozensets(names, max_size=6),
    majors=st.frozensets(names, max_size=4),
    maintenance_until=st.none() | days,
    seats=st.none() | seats,
    module_seats=st.dictionaries(names, seats, max_size=5),
    expires=st.none() | days,
    limits=st.dictionaries(names, days, max_size=3),
    binding=st.just(b"") | st.binary(min_size=10, max_size=10),
    epoch=st.integers(0, 2**24 - 2),
    hours=st.integers(0, 2**24 - 1),
    issuer=st.integers(0, 255),
)


@given(licences)
def test_a_licence_comes_back_as_it_was(found: Licence) -> None:
    assert licence.read(licence.canonical(found)) == found


@given(licences, licences)
def test_a_patch_makes_the_next_state_and_no_other(old: Licence, wanted: Licence) -> None:
    change = licence.patch(old, wanted)
    state = licence.patched(licence.canonical(old), change, hours=7, issuer=3)
    assert licence.read(state) == licence.next_of(old, wanted, hours=7, issuer=3)
    assert licence.patched(licence.canonical(old), change, hours=7, issuer=3) == state


@given(licences, licences)
def test_a_patch_twice_is_the_patch_once(old: Licence, wanted: Licence) -> None:
    """Values are absolute, never increments."""
    assume(old.epoch < LAST_EPOCH - 1)  # else there is no second change
    change = licence.patch(old, wanted)
    once = licence.patched(licence.canonical(old), change, hours=7, issuer=3)
    twice = licence.read(licence.patched(once, change, hours=7, issuer=3))
    assert msgspec.structs.replace(twice, epoch=old.epoch + 1) == licence.read(once)


@given(st.binary(max_size=200))
def test_bytes_are_a_licence_of_one_form_or_none(data: bytes) -> None:
    with suppress(LicenceBad):
        assert licence.canonical(licence.read(data)) == data


def test_a_usual_change_is_short_enough_to_type() -> None:
    assert len(licence.patch(SIX, SEVEN)) <= 24


@pytest.mark.parametrize("tag", [licence.EPOCH, licence.TIME, licence.ISSUER])
def test_a_patch_must_not_touch_what_the_header_says(tag: int) -> None:
    change = entries.join({(tag, ""): b"\0\0\1"})
    with pytest.raises(LicenceBad):
        licence.patched(licence.canonical(BLANK), change, hours=1, issuer=1)


def test_a_licence_that_no_key_can_hold_is_refused() -> None:
    wide = msgspec.structs.replace(SIX, module_seats={f"module-{number:04}": number for number in range(200)})
    with pytest.raises(LicenceBad, match="3000"):
        licence.canonical(wide)
    with pytest.raises(LicenceBad):
        licence.patched(licence.canonical(BLANK), bytes(4000), hours=1, issuer=1)


def test_what_this_smena_does_not_know_is_refused() -> None:
    data = licence.canonical(SIX) + bytes([200, 0, 1, 1])
    with pytest.raises(LicenceBad) as caught:
        licence.read(data)
    assert "update" in str(caught.value.hint)


def test_a_counter_at_its_end_is_said() -> None:
    last = msgspec.structs.replace(SIX, epoch=2**24 - 1)
    with pytest.raises(LicenceBad, match="replaced"):
        licence.patched(licence.canonical(last), b"", hours=1, issuer=1)


def test_changes_are_said_line_by_line() -> None:
    said = {str(change.what): (str(change.old), str(change.new), change.less) for change in changes.changes(SIX, SEVEN)}
    assert said == {"version 7": ("no", "yes", False), "seats": ("20", "25", False)}


@pytest.mark.parametrize(
    ("new", "less"),
    [
        (SEVEN, False),
        (SIX, False),
        (LESS, True),
        (msgspec.structs.replace(SIX, expires=date(2030, 1, 1)), True),
        (msgspec.structs.replace(SIX, components=frozenset({"server"})), True),
        (msgspec.structs.replace(SIX, majors=frozenset({"7"})), True),
        (msgspec.structs.replace(SIX, maintenance_until=date(2026, 1, 1)), True),
        (msgspec.structs.replace(SIX, maintenance_until=None), True),
        (msgspec.structs.replace(SIX, module_seats={"studio": 4, "server": 20}), True),
        (msgspec.structs.replace(SIX, limits={"studio": date(2027, 1, 1)}), True),
    ],
)
def test_what_takes_something_away_is_known(new: Licence, less: bool) -> None:
    assert changes.reduces(SIX, new) is less
