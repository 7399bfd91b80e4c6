"""The reserve: really there, and really given back when the disk is full."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.errors import DiskFull, FileFailed
from smena.host import files, reserve
from support.death import die, points
from support.disks import loop, tmpfs

MIB = 1024 * 1024


def test_it_takes_the_room_that_it_says(tmp_path: Path) -> None:
    path = reserve.hold(tmp_path, MIB)
    assert path.stat().st_blocks * 512 >= MIB
    assert reserve.held(tmp_path)
    before = path.stat()
    reserve.hold(tmp_path, MIB)
    assert path.stat().st_ctime_ns == before.st_ctime_ns
    reserve.hold(tmp_path, 2 * MIB)
    assert path.stat().st_blocks * 512 >= 2 * MIB
    reserve.free(tmp_path)
    reserve.free(tmp_path)
    assert not reserve.held(tmp_path)


@pytest.mark.root
@pytest.mark.parametrize("kind", ["tmpfs", "ext4", "btrfs", "xfs"])
def test_on_a_full_disk_it_makes_room(tmp_path: Path, kind: str) -> None:
    size = 320 * MIB if kind == "xfs" else 120 * MIB
    made = (
        tmpfs(tmp_path / "disk", "40m") if kind == "tmpfs" else loop(kind, tmp_path / "disk", tmp_path / "image", size)
    )
    with made as disk:
        reserve.hold(disk)
        with pytest.raises(DiskFull):
            fill(disk)
        with pytest.raises(DiskFull):
            files.write_file(disk / "undo", bytes(MIB))
        reserve.free(disk)
        for number in range(4):
            files.write_file(disk / f"undo{number}", bytes(MIB))


def fill(disk: Path) -> None:
    for number in range(10_000):
        files.write_file(disk / f"fill{number}", b"\xff" * (MIB if number < 400 else 4096))


@pytest.mark.root
def test_no_room_for_it_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "4m") as disk:
        with pytest.raises(DiskFull, match="cannot set"):
            reserve.hold(disk)
        assert list(disk.iterdir()) == []


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileFailed):
        reserve.hold(tmp_path / "no")
    with pytest.raises(FileFailed):
        reserve.free(tmp_path / "no")


def test_every_death_can_be_repeated(tmp_path: Path) -> None:
    def code(folder: Path) -> str:
        return f"""
            from pathlib import Path
            from smena.host import reserve
            folder = Path({str(folder)!r})
            folder.mkdir(exist_ok=True)
            reserve.hold(folder, {MIB})
            reserve.free(folder)
        """

    for number, point in enumerate(points(code(tmp_path / "learn"), tmp_path / "log")):
        folder = tmp_path / str(number)
        die(code(folder), point)
        reserve.hold(folder, MIB)
        assert (folder / "reserve").stat().st_blocks * 512 >= MIB
        reserve.free(folder)
        assert list(folder.iterdir()) == []
