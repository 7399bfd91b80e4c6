"""How records lie on disk: what was written is read, and by no other structure's reader."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena.demo.standin.program.standin_product.formats import FORMATS, STRUCTURES, Record
from smena.demo.standin.program.standin_product.refusal import Refusal
from smena.demo.standin.releases import RELEASES

RECORDS: list[Record] = [
    (1, "record", '{"имя": "Заявка; 1|\\t", "n": [1, 2]}'),
    (2, "file", json.dumps({"name": "a\nb", "size": 3})),
    (3, "record", '{\r\n  "pretty": true\n}'),
    (4, "record", '"\u2028\u0085 ;"'),
]
PAIRS = list(permutations(STRUCTURES, 2))
kinds = st.sampled_from(["record", "file"])
records = st.lists(st.tuples(st.integers(1, 10**9), kinds, st.text(max_size=40)), max_size=8)


def content(structure: str, found: list[Record]) -> bytes:
    form = FORMATS[structure]
    return form.header + b"".join(map(form.encode, found))


def test_there_is_one_format_for_each_structure_and_release() -> None:
    assert tuple(FORMATS) == STRUCTURES == tuple(release.structure for release in RELEASES)


def test_conversions_only_go_up() -> None:
    for release in RELEASES:
        for older in release.converts:
            assert STRUCTURES.index(older) < STRUCTURES.index(release.structure)


@settings(max_examples=60)
@given(found=records, structure=st.sampled_from(STRUCTURES))
def test_round_trip(found: list[Record], structure: str) -> None:
    whole = content(structure, found)
    assert FORMATS[structure].read(whole, "x") == (found, len(whole))


@pytest.mark.parametrize(("written", "reader"), PAIRS)
def test_no_other_reader_reads_it(written: str, reader: str) -> None:
    with pytest.raises(Refusal, match="not in structure"):
        FORMATS[reader].read(content(written, RECORDS), "x")


@pytest.mark.parametrize(("written", "reader"), PAIRS)
def test_the_header_is_not_the_only_difference(written: str, reader: str) -> None:
    """Even with a forged first line the records of another structure do not come out as they went in."""
    forged = FORMATS[reader].header + content(written, RECORDS)[len(FORMATS[written].header) :]
    try:
        found, _ = FORMATS[reader].read(forged, "x", torn=True)
    except Refusal:
        return
    assert found != RECORDS


@pytest.mark.parametrize("structure", STRUCTURES)
def test_any_torn_end_loses_only_the_last_record(structure: str) -> None:
    form = FORMATS[structure]
    kept, whole = content(structure, RECORDS[:3]), content(structure, RECORDS)
    for length in range(len(kept) + 1, len(whole)):
        assert form.read(whole[:length], "x", torn=True) == (RECORDS[:3], len(kept))
        with pytest.raises(Refusal, match="damaged"):
            form.read(whole[:length], "x")


@pytest.mark.parametrize("structure", ["35.1100", "47.2", "47.3", "50"])
def test_a_changed_byte_is_noticed(structure: str) -> None:
    whole = bytearray(content(structure, RECORDS))
    whole[-3] ^= 1
    with pytest.raises(Refusal, match="damaged"):
        FORMATS[structure].read(bytes(whole), "x", torn=True)
