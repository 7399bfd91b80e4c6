"""A copy killed at every point: repeated, it ends equal, whatever was done to the source in between."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from smena.host import listing
from smena.host.copy import delta_copy, first_copy
from smena.host.copy.state import State
from support.death import die, points
from support.trees import discard, plant, seen


def begun(root: Path) -> Path:
    """A tree and its first copy; then the tree changes."""
    root.mkdir()
    (root / "source").mkdir()
    source = plant(root / "source")
    first_copy(source, root / "copy", root / "list")
    trust(root / "list")
    (source / "secret").write_bytes(b"changed")
    (source / "data" / "records").unlink()
    (source / "empty" / "new").write_bytes(b"new")
    (source / "closed").chmod(0o700)
    shutil.move(source / "data" / "deep", root / "away")
    return root


def trust(record: Path) -> None:
    states = list(listing.read(record, State))
    with listing.written(record) as write:
        for state in states:
            write(State(state.path, state.kind, state.size, state.inode, state.mtime, state.ctime, True))


def delta(root: Path) -> None:
    delta_copy(root / "source", root / "copy", root / "list")


def code(root: Path, function: str) -> str:
    return f"""
        from pathlib import Path
        from smena.host.copy import *
        root = Path({str(root)!r})
        {function}(root / "source", root / "copy", root / "list")
    """


def passed(tmp_path: Path, function: str) -> list[str]:
    root = begun(tmp_path / "learn")
    if function == "first_copy":
        discard(root / "copy")
    found = points(code(root, function), tmp_path / "log")
    assert found
    return found


@pytest.mark.slow
def test_a_difference_killed_anywhere_is_made_again(tmp_path: Path) -> None:
    for number, point in enumerate(passed(tmp_path, "delta_copy")):
        root = begun(tmp_path / str(number))
        die(code(root, "delta_copy"), point)
        delta(root)
        assert seen(root / "source") == seen(root / "copy"), point
        assert not (root / "list.open").exists()


@pytest.mark.slow
def test_a_folder_that_left_and_came_back_meanwhile(tmp_path: Path) -> None:
    """The first attempt removed it from the copy; the listing still says that all in it is unchanged."""
    for number, point in enumerate(passed(tmp_path, "delta_copy")):
        root = begun(tmp_path / str(number))
        die(code(root, "delta_copy"), point)
        shutil.move(root / "away", root / "source" / "data" / "deep")
        (root / "source" / "empty" / "new").unlink()  # copied by the first attempt, unknown to the listing
        delta(root)
        assert seen(root / "source") == seen(root / "copy"), point


def test_another_file_of_the_same_size_and_time_meanwhile(tmp_path: Path) -> None:
    """The first attempt copied a stand-in; then the original, which the listing knows, came back."""
    root = tmp_path / "x"
    root.mkdir()
    source = root / "source"
    source.mkdir()
    original = source / "records"
    original.write_bytes(b"original")
    os.utime(original, ns=(1, 1))
    first_copy(source, root / "copy", root / "list")
    trust(root / "list")
    os.utime(source, ns=(1, 1))
    standin = root / "standin"
    standin.write_bytes(b"stand-in")
    os.utime(standin, ns=(1, 1))
    os.link(original, root / "aside")
    changed = original.stat().st_ctime_ns
    standin.replace(original)
    die(code(root, "delta_copy"), "copy.walked")
    assert (root / "copy" / "records").read_bytes() == b"stand-in"
    (root / "aside").replace(original)
    rewrite_change_time(root / "list", original.stat().st_ctime_ns)
    assert changed
    delta(root)
    assert (root / "copy" / "records").read_bytes() == b"original"


def rewrite_change_time(record: Path, ctime: int) -> None:
    """Change times cannot be set; so that only the rule under test is left to notice, the listing is made to agree."""
    states = list(listing.read(record, State))
    with listing.written(record) as write:
        for state in states:
            write(State(state.path, state.kind, state.size, state.inode, state.mtime, ctime, True))


@pytest.mark.slow
def test_a_first_copy_killed_anywhere_has_no_listing_and_is_begun_anew(tmp_path: Path) -> None:
    for number, point in enumerate(passed(tmp_path, "first_copy")):
        root = begun(tmp_path / str(number))
        discard(root / "copy")
        (root / "list").unlink()
        die(code(root, "first_copy"), point)
        if (root / "list").exists():
            assert seen(root / "source") == seen(root / "copy"), point
        else:
            if (root / "copy").exists():
                discard(root / "copy")
            first_copy(root / "source", root / "copy", root / "list")
            assert seen(root / "source") == seen(root / "copy"), point
