"""A shown difference is the real one, line for line, with only secrets covered."""

from __future__ import annotations

import difflib

import pytest

from smena.demo.standin import packages
from smena.edit.format import Format, Kind
from smena.edit.show import unified


def plain(old: bytes, new: bytes) -> list[str]:
    lines = difflib.unified_diff(old.decode().splitlines(), new.decode().splitlines(), lineterm="")
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("file", ["adapterhost.yml", "apigateway.yml", "Ignite.config", "logs.config"])
@pytest.mark.parametrize(("old", "new"), [("3.5", "4.2"), ("4.2", "4.7.3"), ("4.7.3", "5.0")])
def test_the_lines_are_those_of_the_files(file: str, old: str, new: str) -> None:
    kind: Kind = "yaml" if file.endswith("yml") else "xml"
    before, after = packages.default(old, file), packages.default(new, file)
    shown = [line for line in unified(Format(kind, file), before, after).splitlines() if line[:3] not in ("+++", "---")]
    assert sorted(line for line in shown if line[:1] in "+-") == sorted(plain(before, after))


def test_a_comment_at_the_top_does_not_shift_the_lines() -> None:
    old, new = b"# head\n\na: 1\nb: 2\n# tail\n", b"# head\n\na: 1\nb: 3\n# tail\n"
    assert "-b: 2\n+b: 3\n" in unified(Format("yaml", "f"), old, new)


def test_a_changed_secret_is_seen_to_have_changed_and_not_seen() -> None:
    shown = unified(Format("yaml", "f"), b"# top\npassword: first1\n", b"# top\npassword: second2\n")
    assert "-password: ***" in shown
    assert "first1" not in shown
    assert "second2" not in shown
