"""What an order may say: options and files, absolute values, and every mistake named."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import LicenceBad, OrderUnfit
from smena.keys.desk import wanted
from smena.keys.licence import BLANK
from support.deskworld import changed
from support.keyworld import SIX


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({}, {}),
        ({"majors": "6, 7"}, {"majors": frozenset({"6", "7"})}),
        ({"components": ["studio"]}, {"components": frozenset({"studio"})}),
        ({"seats": "none"}, {"seats": None}),
        ({"seats": "0"}, {"seats": 0}),
        ({"module-seats": {"studio": "none", "batch": "2"}}, {"module_seats": {"server": 20, "batch": 2}}),
        ({"limits": {"studio": "2027-01-31"}}, {"limits": {"studio": date(2027, 1, 31)}}),
        ({"expires": "2027-12-31", "edition": "enterprise"}, {"expires": date(2027, 12, 31), "edition": "enterprise"}),
        ({"maintenance-until": "none"}, {"maintenance_until": None}),
    ],
)
def test_what_is_not_said_stays(said: dict[str, Any], fields: dict[str, Any]) -> None:
    assert wanted.licence_of(SIX, said) == changed(SIX, **fields)


@pytest.mark.parametrize(
    "said",
    [
        {"seats": "-1"},
        {"seats": "4294967296"},
        {"seats": "five"},
        {"seats": "\u0665"},
        {"expires": "31.12.2027"},
        {"expires": "soon"},
        {"module-seats": {"studio": "x"}},
        {"module-seats": "studio"},
        {"limits": {"studio": "x"}},
        {"majors": {"a": "b"}},
        {"edition": " "},
        {"edition": "x" * 300},
        {"components": ["c" * 65]},
        {"components": [f"component-number-{number}" for number in range(300)]},
    ],
)
def test_a_value_that_cannot_be_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(LicenceBad):
        wanted.licence_of(SIX, said)


def test_a_key_stays_one_for_its_product() -> None:
    with pytest.raises(OrderUnfit):
        wanted.licence_of(SIX, {"product": "other"})
    assert wanted.licence_of(BLANK, {"product": "loginom"}).product == "loginom"


YAML = """\
product: loginom
edition: team
majors: [6, 4.20]        # as written, no numbers
components: [server, studio]
module-seats: {studio: 5}
seats: 20
maintenance-until: 2027-03-31
expires: none
"""


def test_a_file_says_the_same() -> None:
    said = wanted.read(YAML.encode(), "wanted.yml")
    made = wanted.licence_of(BLANK, said)
    assert made.majors == {"6", "4.20"}
    assert (made.seats, made.maintenance_until, made.expires) == (20, date(2027, 3, 31), None)
    json = b'{"seats": 7, "module-seats": {"studio": 5}}'
    assert wanted.licence_of(SIX, wanted.read(json, "wanted.json")).seats == 7


def test_mistakes_of_a_file_are_named_by_line() -> None:
    with pytest.raises(OrderUnfit) as error:
        wanted.read(b"seats: 5\nmajor: 6\nepoch: 9\n", "wanted.yml")
    shown = [str(one) for one in error.value.why]
    assert "wanted.yml:2:1" in shown[0]
    assert "majors" in shown[0]
    assert "wanted.yml:3:1" in shown[1]


@given(st.binary(max_size=200))
def test_any_bytes_are_a_licence_or_a_refusal(content: bytes) -> None:
    with suppress(OrderUnfit, LicenceBad):
        wanted.licence_of(SIX, wanted.read(content, "x"))
