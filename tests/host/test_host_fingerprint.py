"""Fingerprints: equal trees have equal ones, any difference shows, and the listings name it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from smena.errors import BadContent, DiskFull
from smena.host import fingerprint, listing
from smena.host.copy import first_copy
from smena.host.fingerprint import Difference, Leaf
from smena.host.patterns import matcher
from support.disks import tmpfs
from support.trees import OLD, plant


def made(root: Path) -> Path:
    root.mkdir()
    return plant(root)


def test_equal_trees_have_equal_fingerprints(tmp_path: Path) -> None:
    source = made(tmp_path / "a")
    first_copy(source, tmp_path / "b", tmp_path / "list")
    assert fingerprint.take(source, times=True) == fingerprint.take(tmp_path / "b", times=True)


def change_content(root: Path) -> None:
    path = root / "data" / "records"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    os.utime(path, ns=(OLD, OLD))


def add(root: Path) -> None:
    (root / "empty" / "x").write_bytes(b"")


def remove(root: Path) -> None:
    (root / "dangling").unlink()


def change_mode(root: Path) -> None:
    (root / "secret").chmod(0o640)


def change_link(root: Path) -> None:
    (root / "link").unlink()
    (root / "link").symlink_to("data/nothing")


def rename(root: Path) -> None:
    (root / "data" / "nothing").rename(root / "data" / "anything")


@pytest.mark.parametrize("change", [change_content, add, remove, change_mode, change_link, rename])
def test_any_difference_shows(tmp_path: Path, change: Callable[[Path], None]) -> None:
    root = made(tmp_path / "a")
    before = fingerprint.take(root).digest
    change(root)
    assert fingerprint.take(root).digest != before


def test_times_count_only_where_asked_for(tmp_path: Path) -> None:
    root = made(tmp_path / "a")
    plain, timed = fingerprint.take(root), fingerprint.take(root, times=True)
    os.utime(root / "secret", ns=(OLD, OLD + 1))
    assert fingerprint.take(root) == plain
    assert fingerprint.take(root, times=True) != timed


def test_what_is_left_out_does_not_count(tmp_path: Path) -> None:
    root = made(tmp_path / "a")
    leave_out = matcher(["data", "*.log"])
    before = fingerprint.take(root, leave_out)
    change_content(root)
    (root / "empty" / "x.log").write_bytes(b"")
    assert fingerprint.take(root, leave_out) == before


def test_the_listings_name_what_differs(tmp_path: Path) -> None:
    root = made(tmp_path / "a")
    fingerprint.take(root, record=tmp_path / "before")
    add(root)
    remove(root)
    change_content(root)
    (root / "data.d" / "one").unlink()
    (root / "data.d" / "two").write_bytes(b"")
    fingerprint.take(root, record=tmp_path / "after")
    assert list(fingerprint.compare(tmp_path / "before", tmp_path / "after")) == [
        Difference("dangling", "removed"),
        Difference("data/records", "changed"),
        Difference("data/second name", "changed"),
        Difference("data.d/one", "removed"),
        Difference("data.d/two", "added"),
        Difference("empty/x", "added"),
    ]


def test_equal_listings_differ_in_nothing(tmp_path: Path) -> None:
    root = made(tmp_path / "a")
    for name in ("before", "after"):
        fingerprint.take(root, record=tmp_path / name)
    assert list(fingerprint.compare(tmp_path / "before", tmp_path / "after")) == []


@pytest.mark.parametrize("damage", ["cut in a line", "cut after a line", "empty", "a line too few", "no JSON", "count"])
def test_a_damaged_listing_is_noticed(tmp_path: Path, damage: str) -> None:
    record = tmp_path / "list"
    fingerprint.take(made(tmp_path / "a"), record=record)
    lines = record.read_bytes().splitlines(keepends=True)
    record.write_bytes(
        {
            "cut in a line": b"".join(lines)[:-40],
            "cut after a line": b"".join(lines[:-1]),
            "empty": b"",
            "a line too few": b"".join(lines[1:]),
            "no JSON": b"x" + b"".join(lines),
            "count": b"".join(lines[:-1]) + b"=x\n",
        }[damage]
    )
    with pytest.raises(BadContent, match="damaged"):
        list(listing.read(record, Leaf))


def test_a_listing_appears_only_whole(tmp_path: Path) -> None:
    def write_and_fail() -> None:
        with listing.written(tmp_path / "list") as write:
            write(Leaf("a", "f", 0, 0, 0, 0, ""))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.root
def test_a_listing_that_has_no_room_is_told_so_and_leaves_nothing(tmp_path: Path) -> None:
    def write_much(record: Path) -> None:
        with listing.written(record) as write:
            for number in range(5000):
                write(Leaf(f"{number:0200}", "f", 0, 0, 0, 0, ""))

    with tmpfs(tmp_path / "disk", "64k") as disk:
        with pytest.raises(DiskFull, match="cannot write"):
            write_much(disk / "list")
        assert list(disk.iterdir()) == []
