"""Merges of real shapes, case by case: `cases/merges.yaml`."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from smena.edit.format import Format
from smena.edit.masks import Masks
from smena.edit.merge import merge
from smena.edit.merging import Merge
from smena.edit.resolutions import NEW, OURS, Resolution
from smena.edit.show import unified
from smena.errors import MergeConflicts

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "merges.yaml").read_text("utf-8"))


def _written(case: dict[str, Any], which: str) -> bytes | None:
    text = case.get(which)
    if text is None:
        return None
    if case.get(f"{which}-line-ends", case.get("line-ends")) == "crlf":
        text = text.replace("\n", "\r\n")
    return str(("\ufeff" if case.get("mark") else "") + text).encode(case.get("encoding", "utf-8"))


def _decision(said: Any) -> Resolution:
    return Resolution("value", said["value"]) if isinstance(said, dict) else {"ours": OURS, "new": NEW}[said]


def _merged(case: dict[str, Any]) -> tuple[Format, Merge, bytes, bytes]:
    form = Format(case["kind"], case.get("file", "test.file"), case.get("encoding", ""))
    base, ours, new = (_written(case, which) for which in ("base", "ours", "new"))
    assert ours is not None
    assert new is not None
    decided = {key: _decision(said) for key, said in case.get("decided", {}).items()}
    return form, merge(form, base, ours, new, resolutions=decided), ours, new


each = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


@each
def test_merge(case: dict[str, Any]) -> None:
    _form, answer, _ours, _new = _merged(case)
    assert [change.key for change in answer.carried] == case["carried"]
    assert [conflict.key for conflict in answer.conflicts] == case.get("conflicts", [])
    assert [one.key for one in answer.settled] == case.get("settled", [])
    assert answer.unknown_base == case.get("unknown-base", False)
    wanted = _written(case, "result")
    if wanted is None:
        with pytest.raises(MergeConflicts) as caught:
            answer.outcome()
        assert [str(why) for why in caught.value.why] == case["conflicts"]
    else:
        shown = answer.outcome().decode(case.get("encoding", "utf-8"))
        assert shown == wanted.decode(case.get("encoding", "utf-8"))


@each
def test_nothing_secret_is_shown(case: dict[str, Any]) -> None:
    form, answer, ours, new = _merged(case)
    shown = [unified(form, ours, new), unified(form, new, answer.result or ours), repr(answer)]
    shown += [str(msgspec.to_builtins([answer.carried, answer.conflicts, answer.settled]))]
    for word in case.get("mask", ["-----"]):
        assert word.encode(case.get("encoding", "utf-8")) in ours or word == "-----"
        assert not [text for text in shown if word in text]


def test_conflicts_show_both_sides_and_the_line() -> None:
    form = Format("yaml", "f.yml")
    answer = merge(form, b"a: 1\nb: 1\n", b"a: 1\n\nb: 2\n", b"a: 1\nb: 3\n")
    (conflict,) = answer.conflicts
    assert (conflict.key, conflict.line) == ("b", 3)
    assert (conflict.base, conflict.ours, conflict.new) == ("1", "2", "3")


def test_a_secret_conflict_is_named_but_not_told() -> None:
    form = Format("yaml", "f.yml")
    masks = Masks(keys=("db.key",))
    answer = merge(form, b"db.key: one11\n", b"db.key: two22\n", b"db.key: three33\n", masks=masks)
    (conflict,) = answer.conflicts
    assert (conflict.key, conflict.base, conflict.ours, conflict.new) == ("db.key", "***", "***", "***")


def test_what_was_changed_added_and_removed_is_told() -> None:
    form = Format("yaml", "f.yml")
    answer = merge(form, b"a: 1\nb: 1\nz: 1\n", b"a: 2\nc: 3\nz: 1\n", b"a: 1\nb: 1\nz: 2\n")
    assert [(change.key, change.what, change.ours) for change in answer.carried] == [
        ("a", "changed", "2"),
        ("b", "removed", None),
        ("c", "added", "3"),
    ]
    assert answer.result == b"a: 2\nc: 3\nz: 2\n"


def test_a_decision_also_overrules_what_would_be_carried() -> None:
    form = Format("yaml", "f.yml")
    answer = merge(form, None, b"a: 2\nb: 2\n", b"a: 1\nb: 1\n", resolutions={"a": NEW})
    assert answer.result == b"a: 1\nb: 2\n"
    assert [change.key for change in answer.carried] == ["b"]


def test_hops_follow_each_other() -> None:
    """The administrator's file of a hop is the result of the hop before."""
    form = Format("yaml", "f.yml")
    defaults = [b"port: 80\nold: 1\n", b"port: 80\nold: 1\nmid: 1\n", b"port: 81\nmid: 2\nnew: 1\n"]
    ours = b"port: 80 # x\nold: 1\nmine: yes\n"
    for before, after in pairwise(defaults):
        ours = merge(form, before, ours, after).outcome()
    assert ours == b"port: 81\nmine: yes\nmid: 2\nnew: 1\n"
