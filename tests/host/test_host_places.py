"""Where a restore point may lie: nearest, outside the instance, and really reached by a rename."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from smena.errors import PathUnfit
from smena.host import places
from support.death import die
from support.disks import bind, need_root, tmpfs
from support.trees import seen


def instance(root: Path) -> Path:
    folder = root / "lib" / "N"
    (folder / "Database" / "db").mkdir(parents=True)
    return folder


def test_the_nearest_folder_outside_the_instance(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    root = places.content_root(folder / "Database", [folder])
    assert root == tmp_path / "lib" / ".smena"
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_without_an_instance_it_is_the_folder_beside(tmp_path: Path) -> None:
    (tmp_path / "N.yml").write_bytes(b"")
    assert places.content_root(tmp_path / "N.yml") == tmp_path / ".smena"


def test_several_folders_of_one_instance_are_all_outside(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    assert places.content_root(folder / "Database", [folder, tmp_path / "lib"]) == tmp_path / ".smena"


def test_the_trial_leaves_nothing_and_moves_no_time(tmp_path: Path) -> None:
    """A product may watch its folders."""
    folder = instance(tmp_path)
    before = seen(folder)
    places.content_root(folder / "Database", [folder])
    assert seen(folder) == before
    assert list((tmp_path / "lib" / ".smena").iterdir()) == []


def test_a_path_that_is_not_there_yet(tmp_path: Path) -> None:
    assert places.content_root(tmp_path / "missing") == tmp_path / ".smena"


def test_it_is_found_through_a_link(tmp_path: Path) -> None:
    """The administrator moved the data and left a link: what counts is where the data really is."""
    (tmp_path / "big").mkdir()
    folder = instance(tmp_path / "big")
    (tmp_path / "N").symlink_to(folder)
    assert places.content_root(tmp_path / "N" / "Database", [tmp_path / "N"]) == tmp_path / "big" / "lib" / ".smena"


@pytest.mark.root
def test_a_mount_point_has_it_inside(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    with tmpfs(folder / "Database", "1m") as disk:
        assert places.content_root(disk, [folder]) == disk / ".smena"


@pytest.mark.root
def test_a_bind_mount_has_one_device_number_but_is_another_mount(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    (tmp_path / "elsewhere" / "db").mkdir(parents=True)
    with bind(tmp_path / "elsewhere", folder / "Database") as mounted:
        assert mounted.stat().st_dev == folder.stat().st_dev
        assert not places.same_mount(folder, mounted)
        assert places.content_root(mounted / "db", [folder / "elsewhere"]) == mounted / ".smena"


@pytest.mark.root
def test_below_a_mount_inside_the_instance_there_is_no_place(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    with tmpfs(folder / "Database", "1m") as disk:
        (disk / "db").mkdir()
        with pytest.raises(PathUnfit, match="no place for a restore point"):
            places.content_root(disk / "db", [folder])


@pytest.mark.root
def test_two_file_systems_are_two_mounts(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "1m") as disk:
        assert not places.same_mount(tmp_path, disk)
        assert places.same_mount(disk, disk)


def test_a_folder_that_others_may_look_into_is_not_used(tmp_path: Path) -> None:
    """Somebody made `.smena` before us: what would lie there could be read, or changed, by them."""
    need_root()
    folder = instance(tmp_path)
    (tmp_path / "lib" / ".smena").mkdir(mode=0o777)
    os.chown(tmp_path / "lib" / ".smena", 33, 33)
    assert places.content_root(folder / "Database", [folder]) == tmp_path / ".smena"


def test_a_link_in_its_place_is_not_used(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    (tmp_path / "away").mkdir(mode=0o700)
    (tmp_path / "lib" / ".smena").symlink_to(tmp_path / "away")
    assert places.content_root(folder / "Database", [folder]) == tmp_path / ".smena"


def test_what_a_death_in_a_trial_leaves_is_cleared_by_the_next(tmp_path: Path) -> None:
    folder = instance(tmp_path)
    before = seen(folder, times=False)
    code = f"""
        from pathlib import Path
        from smena.host import places
        places.content_root(Path({str(folder / "Database")!r}), [Path({str(folder)!r})])
    """
    die(code, "places.there")
    assert seen(folder, times=False) != before
    places.content_root(folder / "Database", [folder])
    assert seen(folder, times=False) == before
