"""Ranges of versions in words: definitions write them shorter than people read them."""

from __future__ import annotations

import pytest

from smena.cli.ranges import version_range


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("16.0..", "16.0 or newer"),
        ("..3.5", "3.5 or older"),
        ("4.2..4.7", "4.2 to 4.7"),
        ("4.7.*", "4.7.*"),
        ("4.2 | 4.7..", "4.2 | 4.7.."),
        ("6.0", "6.0"),
    ],
)
def test_a_range_in_words(written: str, read: str) -> None:
    assert str(version_range(written)) == read
