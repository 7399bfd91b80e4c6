"""The order of versions under each scheme: a total order, and the one that each scheme's own rules give."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version as Packaged

from smena.definition.model import Scheme
from smena.definition.versions import HIGHEST, LONGEST, LOWEST, Unreadable, bounds, key
from smena.text import speaking

SMALL = st.integers(0, 12)
DOTTED = st.lists(SMALL, min_size=1, max_size=5).map(lambda numbers: ".".join(map(str, numbers)))
THREE = st.tuples(SMALL, SMALL, SMALL).map(lambda numbers: ".".join(map(str, numbers)))
PRE = st.sampled_from(["", "-alpha", "-alpha.1", "-alpha.beta", "-beta.2", "-beta.11", "-rc.1", "-1", "-0.3.7", "-x-y"])
SEMVER = st.builds(lambda three, pre, build: three + pre + build, THREE, PRE, st.sampled_from(["", "+7", "+sha.a1"]))
PEP440 = st.builds(
    lambda epoch, numbers, pre, post, dev, local: epoch + numbers + pre + post + dev + local,
    st.sampled_from(["", "0!", "1!", "v"]),
    DOTTED,
    st.sampled_from(["", "a1", "b2", "rc1", ".alpha3", "-preview_4", "c0", "a"]),
    st.sampled_from(["", ".post1", "-2", "rev3", ".r", "post"]),
    st.sampled_from(["", ".dev1", "dev", "-dev2"]),
    st.sampled_from(["", "+abc", "+abc.1", "+1", "+1-a_10"]),
)
WRITTEN: dict[Scheme, st.SearchStrategy[str]] = {"dotted": DOTTED, "semver": SEMVER, "pep440": PEP440}
SCHEMES: list[Scheme] = ["dotted", "semver", "pep440"]


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_the_order_is_total(scheme: Scheme, data: st.DataObject) -> None:
    one, two, three = (key(data.draw(WRITTEN[scheme]), scheme) for _each in range(3))
    assert (one < two) + (one == two) + (one > two) == 1
    assert not (one <= two <= three) or one <= three
    assert LOWEST <= one < HIGHEST


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_nothing_lies_between_a_version_and_the_key_above_it(scheme: Scheme, data: st.DataObject) -> None:
    one, other = (key(data.draw(WRITTEN[scheme]), scheme) for _each in range(2))
    above = (*one, 0)
    assert one < above
    assert not one < other < above


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_a_prefix_bounds_what_begins_with_it(scheme: Scheme, data: st.DataObject) -> None:
    version = data.draw(THREE)
    other = key(data.draw(WRITTEN[scheme]), scheme)
    numbers = version.split(".")
    wider = [bounds(".".join(numbers[:count]), scheme) for count in (1, 2, 3)]
    for (low, high), (inner_low, inner_high) in itertools.pairwise(wider):
        assert low <= inner_low < inner_high <= high
    low, high = wider[-1]
    assert low <= key(version, scheme) < high
    if scheme == "dotted":
        assert (low <= other < high) == ([*other, 0, 0, 0][:3] == [int(number) for number in numbers])


@given(DOTTED, st.integers(0, 3))
def test_missing_numbers_are_zero(version: str, zeros: int) -> None:
    assert key(version) == key(version + ".0" * zeros)


@given(st.lists(SMALL, min_size=4, max_size=4), st.lists(SMALL, min_size=4, max_size=4))
def test_dotted_compares_number_by_number(one: list[int], other: list[int]) -> None:
    assert (key(".".join(map(str, one))) < key(".".join(map(str, other)))) == (one < other)


@given(PEP440, PEP440)
def test_pep440_is_pythons_own_order(one: str, other: str) -> None:
    mine, theirs = (key(one, "pep440"), key(other, "pep440")), (Packaged(one), Packaged(other))
    assert (mine[0] < mine[1], mine[0] == mine[1]) == (theirs[0] < theirs[1], theirs[0] == theirs[1])


@pytest.mark.parametrize(
    ("scheme", "rising"),
    [
        ("dotted", "0 3.5 3.5.1058 3.5.1100 4.2 4.7 4.7.2 4.7.10 5.0 5.0.13334.0 5.0.13334.1 10"),
        (
            "semver",
            "1.0.0-1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 "
            "1.0.1-0 1.0.1 1.10.0 2.0.0",
        ),
        ("pep440", "1.0.dev1 1.0a1.dev1 1.0a1 1.0b1 1.0rc1 1.0 1.0+a 1.0+1 1.0.post1.dev1 1.0.post1 1.0.1 1!0.1"),
    ],
)
def test_known_orders(scheme: Scheme, rising: str) -> None:
    keys = [key(version, scheme) for version in rising.split()]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("scheme", "one", "other"),
    [
        ("dotted", "5.0", "5.0.0.0"),
        ("dotted", "4.07", "4.7"),
        ("semver", "1.2.3+a", "1.2.3+b"),
        ("pep440", "1.0-1", "v1.0.0.POST1"),
        ("pep440", "1.0alpha", "1.0a0"),
    ],
)
def test_one_version_written_in_two_ways(scheme: Scheme, one: str, other: str) -> None:
    assert key(one, scheme) == key(other, scheme)


BAD: dict[Scheme, list[str]] = {
    "dotted": ["", ".", "5.", ".5", "5..0", "v5", "5.0-rc1", "5,0", "٥.٠", " 5", "5\n", "-1", "1" * (LONGEST + 1)],
    "semver": ["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+", "1.2.3-ä"],
    "pep440": ["", "a", "1.0+", "1.0.x", "1.0+a+b", "!1", "1.0 beta", "1.0\x00"],
}


@pytest.mark.parametrize(("scheme", "version"), [(scheme, version) for scheme in SCHEMES for version in BAD[scheme]])
def test_what_is_no_version_is_said_in_a_sentence(scheme: Scheme, version: str) -> None:
    with pytest.raises(ValueError) as caught:
        key(version, scheme)
    assert isinstance(caught.value, Unreadable)
    with speaking("en"):
        assert len(str(caught.value).split()) > 4


@pytest.mark.parametrize(
    ("scheme", "prefix"),
    [("dotted", ""), ("dotted", "4.x"), ("semver", "1.2.3.4"), ("pep440", "1.0rc1"), ("dotted", "4.*")],
)
def test_a_prefix_is_numbers(scheme: Scheme, prefix: str) -> None:
    with pytest.raises(Unreadable):
        bounds(prefix, scheme)
