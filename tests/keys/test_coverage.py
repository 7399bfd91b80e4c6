"""What licences cover: by version, day, edition, component, seats, end; one or several of them."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from smena.keys.coverage import Need, allows, fewer, lacks
from smena.keys.licence import BLANK, Licence
from support.keyworld import SEVEN, SIX

TODAY = date(2026, 11, 1)


def used(version: str, seats: int | None = None) -> Need:
    return Need(version=version, edition="team", components=("server",), seats=seats)


def missing(need: Need, *licences: Licence) -> list[str]:
    return [str(text) for text in lacks(licences, need, TODAY)]


@pytest.mark.parametrize(
    ("version", "majors", "covered"),
    [
        ("6", {"6"}, True),
        ("6.5.1", {"6"}, True),
        ("60.1", {"6"}, False),
        ("4.7.3", {"4.7"}, True),
        ("4.70", {"4.7"}, False),
        ("7.0", set(), False),
    ],
)
def test_versions_by_their_first_parts(version: str, majors: set[str], covered: bool) -> None:
    assert allows(Licence(majors=frozenset(majors)), version, None) is covered


def test_versions_by_the_day_on_which_they_were_made() -> None:
    assert allows(SIX, "9.0", date(2027, 3, 31))
    assert not allows(SIX, "9.0", date(2027, 4, 1))
    assert not allows(SIX, "9.0", None)  # not known is not covered


def test_everything_that_is_missing_is_named() -> None:
    need = Need(version="7.1", edition="standard", components=("server",), seats=30)
    seats = "30 seats, so many are in use (it has 20)"
    assert missing(need, SIX) == ["version 7.1", "edition standard (it has team)", seats]
    assert missing(used("7.1", 30), SEVEN) == ["30 seats, so many are in use (it has 25)"]
    assert missing(Need(version="7.1", edition="team", components=("integrator",)), SEVEN) == ["component integrator"]
    assert missing(Need(version="7.1")) == ["version 7.1"]
    assert missing(used("7.1"), BLANK) == ["version 7.1", "edition team (it has –)", "component server"]
    assert missing(used("7.1", 25), SEVEN) == []


def test_an_end_counts_up_to_its_day() -> None:
    ending = msgspec.structs.replace(SEVEN, expires=TODAY, limits={"server": TODAY})
    assert missing(used("7.1"), ending) == []
    over = msgspec.structs.replace(SEVEN, expires=date(2026, 10, 31))
    assert missing(used("7.1"), over) == ["a licence that still counts (it ended on 2026-10-31)"]
    limited = msgspec.structs.replace(SEVEN, limits={"server": date(2026, 10, 31)})
    assert missing(used("7.1"), limited) == ["component server"]


def test_several_keys_together() -> None:
    studio = msgspec.structs.replace(SEVEN, components=frozenset({"studio"}), seats=3)
    server = msgspec.structs.replace(SEVEN, components=frozenset({"server"}), seats=4)
    need = Need(version="7.1", edition="team", components=("server", "studio"), seats=7)
    assert missing(need, studio, server) == []
    assert missing(need, studio, server, SIX) == []  # the one for 6 does no harm, and adds nothing
    assert missing(msgspec.structs.replace(need, seats=8), studio, server) == ["8 seats, so many are in use (it has 7)"]
    uncounted = msgspec.structs.replace(server, seats=None)
    assert missing(msgspec.structs.replace(need, seats=80), studio, uncounted) == []


def test_seats_of_single_modules() -> None:
    need = msgspec.structs.replace(used("7.1"), module_seats={"server": 20, "studio": 6})
    assert missing(need, SEVEN) == ["6 seats of studio, so many are in use (it has 5)"]
    assert missing(need, SEVEN, msgspec.structs.replace(SEVEN, module_seats={"studio": 1})) == []
    shared = msgspec.structs.replace(SEVEN, module_seats={})  # a module without a number of its own shares the total
    assert missing(msgspec.structs.replace(need, module_seats={"studio": 25}), shared) == []
    assert missing(msgspec.structs.replace(need, module_seats={"studio": 26}), shared) != []
    assert missing(msgspec.structs.replace(need, module_seats={"batch": 1}), shared) != []  # not granted at all
    over = msgspec.structs.replace(SEVEN, limits={"studio": date(2026, 10, 31)})
    assert "6 seats of studio, so many are in use (it has 0)" in missing(need, over)


def lost(*licences: Licence, seats: int | None = None) -> list[str]:
    return [str(text) for text in fewer(licences, used("6.5", seats), used("7.1", seats), TODAY)]


def test_seats_that_the_version_to_come_has_not() -> None:
    assert lost(SIX, SEVEN) == [
        "seats: 25 instead of 45",
        "seats of server: 20 instead of 40",
        "seats of studio: 5 instead of 10",
    ]
    assert lost(SEVEN) == []
    only = msgspec.structs.replace(SIX, majors=frozenset({"7"}), seats=None)
    assert lost(SIX, only) == []  # the same, and one that does not count
    assert lost(msgspec.structs.replace(SIX, seats=None), msgspec.structs.replace(only, seats=90)) == [
        "seats: 90 instead of without a count"
    ]
    assert lost(SIX) == []  # nothing covers 7.1: `lacks` says so
    assert lost(SIX, SEVEN, seats=25) == ["seats of server: 20 instead of 40", "seats of studio: 5 instead of 10"]
