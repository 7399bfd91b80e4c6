"""Removing trees: only our own, never through a link, never across a mount, and again after a death."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smena.errors import PathUnfit
from smena.host import removal
from support.death import die, points
from support.disks import bind, tmpfs
from support.trees import plant, seen


def ours(tmp_path: Path) -> Path:
    return tmp_path / ".smena" / "run"


def test_our_tree_goes(tmp_path: Path) -> None:
    ours(tmp_path).parent.mkdir()
    removal.remove_tree(plant_at(ours(tmp_path)))
    assert list((tmp_path / ".smena").iterdir()) == []
    removal.remove_tree(ours(tmp_path))
    removal.remove_tree(tmp_path / ".smena" / "no" / "such")


def plant_at(path: Path) -> Path:
    path.mkdir(parents=True)
    return plant(path)


@pytest.mark.parametrize("name", ["Database", "smena", ".smena"])
def test_nothing_else_is_ever_removed(tmp_path: Path, name: str) -> None:
    plant_at(tmp_path / name)
    before = seen(tmp_path)
    with pytest.raises(PathUnfit, match="was not made by smena"):
        removal.remove_tree(tmp_path / name)
    assert seen(tmp_path) == before


def test_links_are_removed_not_followed(tmp_path: Path) -> None:
    precious = plant_at(tmp_path / "precious")
    before = seen(precious)
    ours(tmp_path).mkdir(parents=True)
    (ours(tmp_path) / "folder").symlink_to(precious)
    (ours(tmp_path) / "file").symlink_to(precious / "secret")
    removal.remove_tree(ours(tmp_path))
    assert seen(precious) == before
    ours(tmp_path).symlink_to(precious)
    removal.remove_tree(ours(tmp_path))
    assert not os.path.lexists(ours(tmp_path))
    assert seen(precious) == before


@pytest.mark.root
def test_what_is_mounted_inside_is_left_alone(tmp_path: Path) -> None:
    precious = plant_at(tmp_path / "precious")
    before = seen(precious)
    with bind(precious, ours(tmp_path) / "deep" / "inside"), pytest.raises(PathUnfit, match="is mounted there"):
        removal.remove_tree(ours(tmp_path))
    with tmpfs(ours(tmp_path) / "deep" / "inside", "1m"), pytest.raises(PathUnfit, match="is mounted there"):
        removal.remove_tree(ours(tmp_path))
    assert seen(precious) == before


def test_a_tree_deeper_than_pythons_stack_and_than_a_path(tmp_path: Path) -> None:
    top = ours(tmp_path)
    top.mkdir(parents=True)
    here = os.open(top, os.O_RDONLY)
    for _level in range(700):
        os.mkdir("folder", dir_fd=here)
        deeper = os.open("folder", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = deeper
    os.close(here)
    removal.remove_tree(top)
    assert not top.exists()


def test_every_death_can_be_repeated(tmp_path: Path) -> None:
    def code(path: Path) -> str:
        return f"""
            from pathlib import Path
            from smena.host import removal
            removal.remove_tree(Path({str(path)!r}))
        """

    for number, point in enumerate(points(code(plant_at(tmp_path / ".smena" / "x")), tmp_path / "log")):
        path = plant_at(tmp_path / ".smena" / str(number))
        die(code(path), point)
        removal.remove_tree(path)
        assert not path.exists()
