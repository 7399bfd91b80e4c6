"""Copies that go on to a new place: begun while somebody writes, finished after the stop, proven."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec
import pytest

from smena.errors import CopyDiffers
from smena.host import listing
from smena.host.copy import Copied
from smena.host.copy.state import State
from smena.host.posix import content
from support import disks, trees
from support.forks import Forks
from support.restoreworld import Place

SLOT = "slot"
WORK = "support.restoreworld:"
Made = tuple[Place, Path, Path]


def world(root: Path) -> Made:
    """A tree, and a place for it whose folders are not there yet."""
    (root / "old" / "UserStorage").mkdir(parents=True)
    place = Place(root).made().new_run()
    source = trees.plant(root / "old" / "UserStorage")
    return place, source, root / "new" / "Server" / "UserStorage"


def begin(place: Place, source: Path, target: Path) -> Copied | None:
    with place.ahead() as ahead:
        return ahead.begin(source, target, SLOT)


def finish(place: Place, source: Path, target: Path) -> tuple[Copied, Path]:
    """What it did, and where the copy waits."""
    with place.ahead() as ahead:
        copied, waits = ahead.finish(source, target, SLOT), ahead.place(SLOT)
        assert waits is not None
        return copied, waits


def tidy(place: Place) -> None:
    with place.ahead() as ahead:
        ahead.tidy(SLOT)


def begun(place: Place, source: Path, target: Path) -> Path:
    """Where the first copy lies."""
    assert begin(place, source, target) is not None
    with place.ahead() as ahead:
        return ahead.place(SLOT) or source


def settled(place: Place) -> None:
    """As if the tree had been old when its first copy began."""
    record = place.runs / "run" / "copies" / f"{SLOT}.list"
    states = list(listing.read(record, State))
    with listing.written(record) as write:
        for state in states:
            write(msgspec.structs.replace(state, settled=True))


def change(source: Path) -> None:
    (source / "secret").write_bytes(b"changed")
    (source / "data" / "nothing").unlink()
    (source / "data.d" / "new").write_bytes(b"new")
    shutil.move(source / "data" / "deep", source / "deep")


@pytest.fixture
def made(quick: Path) -> Made:
    return world(quick)


def test_the_copy_is_as_the_tree_at_the_stop(made: Made) -> None:
    place, source, target = made
    first = begin(place, source, target)
    assert first is not None
    settled(place)
    change(source)
    before = trees.seen(source)
    assert not target.parent.exists(), "what is kept of the new folder has no copy in it"
    target.parent.mkdir(parents=True)
    copied, waits = finish(place, source, target)
    assert 0 < copied.files < first.files, "only what changed was read"
    assert trees.seen(waits) == before == trees.seen(source)
    assert ".smena" in waits.parts


def test_without_a_first_copy_it_is_made_after_the_stop(made: Made) -> None:
    place, source, target = made
    away = source.rename(source.with_name("away"))
    assert begin(place, source, target) is None, "nothing lies there yet"
    away.rename(source)
    target.parent.mkdir(parents=True)
    _copied, waits = finish(place, source, target)
    assert trees.seen(waits) == trees.seen(source)


def test_an_installer_that_makes_the_folders_meanwhile(made: Made) -> None:
    """The nearest place for the copy is another one then; the copy is still found where it was begun."""
    place, source, target = made
    begin(place, source, target)
    target.mkdir(parents=True)
    settled(place)
    copied, _waits = finish(place, source, target)
    assert copied.files == 0
    tidy(place)
    assert not list(place.root.rglob(f"ahead-{SLOT}"))


def test_what_somebody_took_of_the_copy_is_made_anew(made: Made) -> None:
    place, source, target = made
    target.parent.mkdir(parents=True)
    for harm in (shutil.rmtree, _take):
        waits = begun(place, source, target)
        settled(place)
        harm(waits)
        copied, waits = finish(place, source, target)
        assert copied.files
        assert trees.seen(waits) == trees.seen(source)
        tidy(place)


def _take(waits: Path) -> None:
    (waits / "secret").unlink()
    shutil.rmtree(waits / "data")


def test_the_new_place_on_another_mount_by_now(made: Made) -> None:
    """A rename would not lead there: the copy is made where one does."""
    place, source, target = made
    begin(place, source, target)
    with disks.tmpfs(target.parent, "20m"):
        _copied, waits = finish(place, source, target)
        waits.rename(target)
        assert trees.seen(target) == trees.seen(source)


def test_a_link_to_the_tree_is_followed(made: Made) -> None:
    """Else the new version would write into what the old one goes back to."""
    place, source, target = made
    link = source.with_name("link")
    link.symlink_to(source)
    assert trees.seen(begun(place, link, target)) == trees.seen(source)


def test_what_was_not_written_as_it_was_read_is_told(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a living tree nobody knows who is to blame; after the stop it must be the same."""
    place, source, target = made
    monkeypatch.setattr(content, "_in_kernel", _lossy)
    begin(place, source, target)
    target.parent.mkdir(parents=True)
    with pytest.raises(CopyDiffers):
        finish(place, source, target)


def _lossy(source: int, target: int, position: int, wanted: int) -> int:
    """A disk that writes nothing but zeros."""
    return os.pwrite(target, bytes(len(os.pread(source, wanted, position))), position)


@pytest.mark.slow
@pytest.mark.parametrize("work", ["begin_ahead", "finish_ahead"])
def test_a_death_anywhere(quick: Path, forks: Forks, work: str) -> None:
    """Killed and called again, it ends with an equal copy; what is tidied up leaves nothing."""
    points = forks.points(f"{WORK}{work}", _dying(quick / work, work))
    assert points
    for number, point in enumerate(points):
        root = _dying(quick / f"{work}{number}", work)
        forks.die(f"{WORK}{work}", root, point=point)
        place, source, target = Place(root), root / "old/UserStorage", root / "new/Server/UserStorage"
        begin(place, source, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        _copied, waits = finish(place, source, target)
        assert trees.seen(waits) == trees.seen(source), point
        tidy(place)
        assert not list(root.rglob(f"*{SLOT}*")), point
        shutil.rmtree(root)


def _dying(root: Path, work: str) -> Path:
    place, source, target = world(root)
    if work == "finish_ahead":
        begin(place, source, target)
        settled(place)
        change(source)
        target.parent.mkdir(parents=True)
    return root
