"""What a range of versions has, under all three schemes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.model import Scheme
from smena.definition.ranges import Versions, matches, read_range
from smena.definition.versions import Unreadable, key

SMALL = st.integers(0, 6)
THREE = st.tuples(SMALL, SMALL, SMALL).map(lambda numbers: ".".join(map(str, numbers)))
EXTRA: dict[Scheme, list[str]] = {"dotted": ["", ".0", ".7"], "semver": ["", "-rc.1"], "pep440": ["", "rc1", ".post1"]}
SCHEMES: list[Scheme] = ["dotted", "semver", "pep440"]


def versions(scheme: Scheme) -> st.SearchStrategy[str]:
    return st.builds(str.__add__, THREE, st.sampled_from(EXTRA[scheme]))


@st.composite
def ranges(draw: st.DrawFn, scheme: Scheme) -> str:
    """Any range that can be read; ends are put in order."""

    def end() -> str:
        version = draw(THREE)
        return draw(st.sampled_from([version, version.rpartition(".")[0] + ".*", version.split(".")[0] + ".*"]))

    one, other = end(), end()
    try:
        read_range(f"{one}..{other}", scheme)
    except Unreadable:
        one, other = other, one
    single = [one, f"{one}..{other}", f"{one}..", f"..{other}", "*"]
    return " | ".join(draw(st.lists(st.sampled_from(single), min_size=1, max_size=3)))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_a_range_has_both_ends_and_what_lies_between(scheme: Scheme, data: st.DataObject) -> None:
    low, middle, high = sorted((data.draw(versions(scheme)) for _each in range(3)), key=lambda v: key(v, scheme))
    for version in (low, middle, high):
        assert matches(version, f"{low}..{high}", scheme)
    assert matches(high, f"{low}..", scheme)
    assert matches(low, f"..{high}", scheme)
    assert matches(low, "*", scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_a_prefix_lies_within_the_open_ranges_that_begin_or_end_with_it(scheme: Scheme, data: st.DataObject) -> None:
    prefix = data.draw(THREE).rpartition(".")[0] + ".*"
    version = key(data.draw(versions(scheme)), scheme)
    if read_range(prefix, scheme).has(version):
        assert read_range(f"{prefix}..", scheme).has(version)
        assert read_range(f"..{prefix}", scheme).has(version)
        assert read_range(f"{prefix}..{prefix}", scheme) == read_range(prefix, scheme)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_overlap_is_symmetric_and_tells_the_truth(scheme: Scheme, data: st.DataObject) -> None:
    one, other = (read_range(data.draw(ranges(scheme)), scheme) for _each in range(2))
    version = key(data.draw(versions(scheme)), scheme)
    shared = one.meet(other)
    assert one.overlaps(other) == other.overlaps(one) == (not shared.empty)
    assert shared.has(version) == (one.has(version) and other.has(version))
    assert one.overlaps(one)
    assert one.meet(Versions(())).empty


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_a_list_has_what_one_of_its_ranges_has(scheme: Scheme, data: st.DataObject) -> None:
    one, other = data.draw(ranges(scheme)), data.draw(ranges(scheme))
    version = data.draw(versions(scheme))
    assert matches(version, f"{one} | {other}", scheme) == (
        matches(version, one, scheme) or matches(version, other, scheme)
    )


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_intervals_are_in_order_and_apart(scheme: Scheme, data: st.DataObject) -> None:
    intervals = read_range(data.draw(ranges(scheme)), scheme).intervals
    assert intervals
    assert all(low < high for low, high in intervals)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(intervals))


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("4.2", "4.2 4.2.0", "4.2.1 4.1 4.20"),
        ("4.20", "4.20 4.20.0", "4.2"),
        ("4.7.*", "4.7 4.7.0 4.7.3 4.7.999.1", "4.6.9 4.8 4.70"),
        ("3.5.1100..3.5.*", "3.5.1100 3.5.1101 3.5.9999", "3.5.1099 3.5 3.6"),
        ("4.7.2..", "4.7.2 4.7.3 5.0 100", "4.7.1 4.7"),
        ("..3.5", "0 3.4 3.5 3.5.0", "3.5.1 4"),
        ("..3.5.*", "3.5.1", "3.6"),
        ("*", "0 3.5 100.1", ""),
        ("3.* | 5.0", "3.0 3.99 5.0", "4 5.0.1 2.9"),
        ("5.0.*", "5 5.0 5.0.13334.0", "5.1 4.9"),
        ("0.*", "0 0.1", "1"),
    ],
)
def test_dotted_ranges(text: str, has: str, lacks: str) -> None:
    assert [version for version in has.split() if not matches(version, text)] == []
    assert [version for version in lacks.split() if matches(version, text)] == []


@pytest.mark.parametrize(
    ("scheme", "text", "has", "lacks"),
    [
        ("semver", "1.2.*", "1.2.0-rc.1 1.2.0 1.2.9", "1.3.0-rc.1 1.1.9"),
        ("semver", "1.2.0..1.3.0", "1.2.0 1.3.0 1.3.0-rc.1", "1.2.0-rc.1 1.3.1-0"),
        ("pep440", "1.2.*", "1.2.dev1 1.2rc1 1.2 1.2.9.post1 1.2+local", "1.3.dev1 1.1 1!1.2"),
        ("pep440", "1.2..", "1.2 1.2+local 1!0", "1.2rc1"),
    ],
)
def test_prereleases_belong_to_their_version(scheme: Scheme, text: str, has: str, lacks: str) -> None:
    assert [version for version in has.split() if not matches(version, text, scheme)] == []
    assert [version for version in lacks.split() if matches(version, text, scheme)] == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "empty"),
        ("..", "at least one end"),
        ("5.0..4.7", "ends before it begins"),
        ("4.7 |", "empty"),
        ("4..5..6", "no version"),
        ("4.7.x", "no version"),
        ("*.4", "no version"),
        (".*", "numbers and dots"),
        ("4.*.*", "numbers and dots"),
        ("4.7...5", "no version"),
        ("=4", "no version"),
    ],
)
def test_what_is_no_range_is_said_in_a_sentence(text: str, word: str) -> None:
    with pytest.raises(Unreadable, match=word):
        read_range(text)
