"""Patterns over paths: what they mean stands in this table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.host.patterns import matcher

MEANT = [
    ("*.log", "a.log"),
    ("*.log", "deep/er/a.log"),
    ("Logs", "Logs"),
    ("Logs/", "Logs"),
    ("Logs", "deep/Logs"),
    ("/Logs", "Logs"),
    ("db/node*/cacheGroup-*Value", "db/node1/cacheGroup-XValue"),
    ("**/cp", "cp"),
    ("**/cp", "db/node1/cp"),
    ("db/**", "db/a/b"),
    ("?.cfg", "я.cfg"),
    ("a[1]", "a[1]"),
    ("*", "new\nline"),
]
NOT_MEANT = [
    ("*.log", "a.log.1"),
    ("/Logs", "deep/Logs"),
    ("db/*", "db/a/b"),
    ("db/**", "db"),
    ("a[1]", "a1"),
    ("a.b", "axb"),
    ("?.cfg", "/.cfg"),
    ("Settings.cfg", "settings.cfg"),
]


@pytest.mark.parametrize(("pattern", "path"), MEANT)
def test_meant(pattern: str, path: str) -> None:
    assert matcher(["no", pattern])(path)


@pytest.mark.parametrize(("pattern", "path"), NOT_MEANT)
def test_not_meant(pattern: str, path: str) -> None:
    assert not matcher([pattern, "no"])(path)


@given(st.text(max_size=20))
def test_no_patterns_mean_nothing(path: str) -> None:
    assert not matcher([])(path)


@given(st.text(st.characters(exclude_characters="*?/", exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_a_plain_name_means_itself(name: str) -> None:
    assert matcher([name])(name)
    assert not matcher([name])(f"{name}x")
