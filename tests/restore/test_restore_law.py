"""Laws: whatever steps did to a small tree, putting everything back in the reverse order gives the tree as it was."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smena.errors import SmenaError
from smena.restore.exchange import Exchange
from smena.restore.point import RestorePoint
from support.restoreworld import Place
from support.upgrade_host import workshop

PATHS = ("a", "b", "folder", "folder/c", "folder/deep", "folder/deep/d", "link", "folder/link")
paths = st.sampled_from(PATHS)
deeds = st.one_of(
    st.tuples(st.just("write"), paths, st.binary(max_size=6)),
    st.tuples(st.just("link"), paths, st.sampled_from(["a", "folder", "../a", "nowhere"])),
    st.tuples(st.just("remove"), paths, st.just("")),
    st.tuples(st.just("save"), paths, st.just("")),
    st.tuples(st.just("foreign"), paths, st.sampled_from(["file", "folder", "gone"])),
)
steps = st.lists(st.lists(deeds, min_size=1, max_size=3), min_size=1, max_size=6)


def small(root: Path) -> Place:
    place = Place(root)
    (place.inst / "folder/deep").mkdir(parents=True)
    (place.inst / "a").write_text("a", "utf-8")
    (place.inst / "a").chmod(0o640)
    (place.inst / "folder/c").write_text("c", "utf-8")
    (place.inst / "folder/deep/d").write_text("d", "utf-8")
    (place.inst / "link").symlink_to("a")
    (place.inst / "folder/link").symlink_to("deep")
    return place


def act(point: RestorePoint, seq: int, inst: Path, deed: tuple[str, str, object]) -> None:
    kind, name, value = deed
    path = inst / name
    if kind == "write":
        assert isinstance(value, bytes)
        point.write(seq, path, value)
    elif kind == "link":
        point.link(seq, path, str(value))
    elif kind == "remove":
        point.move_away(seq, path)
    elif kind == "save":
        point.save(seq, path)
    else:
        point.save(seq, path)
        foreign(path, str(value))


def foreign(path: Path, what: str) -> None:
    """What others do at a path that was saved: they write in place, or put another kind of thing there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    if what == "file" and path.parent.is_dir():
        path.write_text("foreign", "utf-8")
    if what == "folder":
        path.mkdir(parents=True, exist_ok=True)


def carried(point: RestorePoint, inst: Path, plan: list[list[tuple[str, str, object]]]) -> int:
    """Every step as far as it comes: one that is refused is a step that failed, and is undone with the others."""
    for seq, step in enumerate(plan, start=1):
        for deed in step:
            try:
                act(point, seq, inst, deed)
            except (SmenaError, OSError):
                return seq
    return len(plan)


@pytest.mark.slow
@settings(max_examples=150)
@given(plan=steps)
@example(plan=[[("link", "folder", "folder"), ("remove", "folder/c", "")]])
def test_put_back_is_as_before(plan: list[list[tuple[str, str, object]]]) -> None:
    root = workshop()
    try:
        place = small(root).new_run()
        before = place.seen()
        point = place.point()
        with closing(point.journal):
            last = carried(point, place.inst, plan)
            held = place.treasure()
            for seq in range(last, 0, -1):
                point.put_back(seq)
            assert place.seen() == before
            assert place.treasure() >= held
    finally:
        shutil.rmtree(root)


@pytest.mark.slow
@settings(max_examples=80)
@given(plan=steps)
@example(plan=[[("link", "link", "a")]])
def test_exchanged_is_as_before_and_taken_back_is_as_after(plan: list[list[tuple[str, str, object]]]) -> None:
    root = workshop()
    try:
        place = small(root).new_run("old")
        before = place.seen()
        point = place.point("old")
        with closing(point.journal) as old:
            carried(point, place.inst, plan)
            after, held = place.seen(), place.treasure()
            for name in ("back", "forward"):
                place.new_run(name, ("put-back", b"{}"))
            back = place.point("back")
            with closing(back.journal):
                Exchange(back, 1).carry(old)
                assert place.seen() == before
                forward = place.point("forward")
                with closing(forward.journal):
                    Exchange(forward, 1).carry(back.journal)
                    assert place.seen() == after
                    Exchange(forward, 1).undo()
                assert place.seen() == before
                Exchange(back, 1).undo()
                assert place.seen() == after
            assert place.treasure() == held
    finally:
        shutil.rmtree(root)


def test_the_tree_of_the_laws_has_every_kind(tmp_path: Path) -> None:
    place = small(tmp_path)
    assert {path for path in PATHS if os.path.lexists(place.inst / path)} == set(PATHS) - {"b"}
