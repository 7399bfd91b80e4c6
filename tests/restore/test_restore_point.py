"""What a restore point keeps comes back as it was: byte for byte, with owner, mode, attributes and times."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from smena.errors import FileFailed, PathUnfit
from smena.host import owners
from smena.host.paths import encode
from support import disks
from support.forks import Forks
from support.need import need
from support.restoreworld import DEEDS, ONLY_ROOT, Place

deeds = pytest.mark.parametrize("deed", DEEDS)


def possible(deed: str) -> None:
    need(deed not in ONLY_ROOT or os.geteuid() == 0, "only root can give files away")


@deeds
def test_done_twice_is_done_once_and_put_back_is_as_before(quick: Path, deed: str) -> None:
    possible(deed)
    place = Place(quick).made().new_run()
    before = place.seen()
    point = place.point()
    with closing(point.journal):
        DEEDS[deed](point, 1, place.inst)
        once = place.seen()
        assert once != before or deed in ("move_nothing", "link_thrice")
        DEEDS[deed](point, 1, place.inst)
        assert _comparable(place.seen()) == _comparable(once)
        held = place.treasure()
        for _time in range(2):
            point.put_back(1)
            assert place.seen() == before
        assert place.treasure() >= held, "what was put aside is kept too"
        assert {entry.state for entry in point.journal.kept(1)} == {"put back"}


@pytest.mark.slow
@deeds
def test_a_death_anywhere_then_done_again_or_put_back(quick: Path, forks: Forks, deed: str) -> None:
    possible(deed)
    work = "support.restoreworld:"
    listing = Place(quick / "listing").made().new_run()
    before = listing.seen()
    doing = forks.points(work + "do", listing.root, deed)
    once = listing.seen()
    undoing = forks.points(work + "put_back", listing.root)
    assert len(doing) >= 2
    for number, point in enumerate(doing):
        place = Place(quick / f"d{number}").made().new_run()
        forks.die(work + "do", place.root, deed, point=point)
        if number % 2:  # both ways on, from every point of some deed
            forks.done(work + "do", place.root, deed)
            assert _comparable(place.seen()) == _comparable(once), point
        held = place.treasure()
        forks.done(work + "put_back", place.root)
        assert place.seen() == before, point
        assert place.treasure() >= held, point
    for number, point in enumerate(undoing):
        place = Place(quick / f"u{number}").made().new_run()
        forks.done(work + "do", place.root, deed)
        held = place.treasure()
        forks.die(work + "put_back", place.root, point=point)
        forks.done(work + "put_back", place.root)
        assert place.seen() == before, point
        assert place.treasure() >= held, point


def _comparable(seen: dict[str, tuple[object, ...]]) -> dict[str, tuple[object, ...]]:
    """Without times: what is written a second time is written later."""
    return {path: entry[:-1] for path, entry in seen.items()}


# --- where things lie ---------------------------------------------------------------------


def test_nothing_of_ours_lies_in_the_instance(quick: Path) -> None:
    place = Place(quick).made().new_run()
    point = place.point()
    with closing(point.journal):
        for seq, deed in enumerate(DEEDS.values(), start=1):
            if deed.__name__ not in ONLY_ROOT:
                deed(point, seq, place.inst)
        assert not list(place.inst.rglob(".smena*"))
        kept = place.root / ".smena" / "run"
        assert kept.stat().st_mode & 0o777 == 0o700
        assert (place.root / ".smena").stat().st_mode & 0o777 == 0o700


def test_a_path_whose_folders_are_missing_too(quick: Path) -> None:
    """An optional folder of the product that this instance never had."""
    place = Place(quick).made().new_run()
    before = place.seen()
    point = place.point()
    with closing(point.journal):
        path = place.inst / "not/there/yet"
        assert point.folder(path) == place.root / ".smena" / "run"
        point.save(1, path)
        path.mkdir(parents=True)
        (path / "file").write_text("came later", "utf-8")
        point.put_back(1)
        assert not path.exists()
        path.parent.rmdir()
        path.parent.parent.rmdir()
        assert place.seen() == before


def test_what_is_not_a_file_is_not_written_over(quick: Path) -> None:
    place = Place(quick).made().new_run()
    before = place.exact()
    point = place.point()
    with closing(point.journal):
        with pytest.raises(PathUnfit):
            point.write(1, place.inst / "data", b"x")
        assert point.journal.kept() == []
        with pytest.raises(PathUnfit):
            point.write(1, place.inst / "bin", b"x")
        point.put_back(1)
    assert place.exact() == before


def test_the_folder_that_held_it_went_away_since(quick: Path) -> None:
    """The new version cleared the folder out of which a step had moved something."""
    place = Place(quick).made().new_run()
    point = place.point()
    with closing(point.journal):
        kept = (place.inst / "conf/three.conf").read_bytes()
        point.move_away(1, place.inst / "conf/three.conf")
        point.write(2, place.inst / "conf/two.conf", b"two=new\n")
        point.link(3, place.inst / "conf/link", "one.conf")
        (place.inst / "conf").rename(place.root / "elsewhere")
        for seq in (3, 2, 1):
            point.put_back(seq)
        assert (place.inst / "conf/three.conf").read_bytes() == kept
        assert (place.inst / "conf/two.conf").read_text("utf-8") == "two=old\n"


def test_what_came_to_lie_there_since_is_kept_too(quick: Path) -> None:
    place = Place(quick).made().new_run()
    before = place.seen()
    point = place.point()
    with closing(point.journal):
        for seq, name in ((1, "link_again"), (2, "move_folder"), (3, "write_new_file")):
            DEEDS[name](point, seq, place.inst)
        (place.inst / "bin").unlink()
        (place.inst / "bin").mkdir()
        (place.inst / "bin/users own").write_text("precious 1", "utf-8")
        (place.inst / "data").write_text("precious 2", "utf-8")
        (place.inst / "conf/four.conf").write_text("precious 3", "utf-8")
        held = place.treasure()
        for seq in (3, 2, 1):
            point.put_back(seq)
        assert place.seen() == before
        assert place.treasure() >= held


def test_what_a_step_let_go_stays_where_it_is(quick: Path) -> None:
    place = Place(quick).made().new_run()
    point = place.point()
    with closing(point.journal):
        shared = place.root / "versions/4"
        point.save(1, shared)
        shared.mkdir()
        point.put_back(1)
        assert not shared.exists(), "half-made things go"
        point.save(2, shared)
        shared.mkdir()
        point.let_go(2)
        point.put_back(2)
        assert shared.is_dir(), "whole ones stay"


# --- owners -----------------------------------------------------------------------------------


@pytest.mark.root
def test_owners_come_back_to_what_is_left_and_only_to_that(quick: Path) -> None:
    possible("change_owner")
    place = Place(quick).made().new_run()
    before = place.seen()
    point = place.point()
    with closing(point.journal):
        DEEDS["change_owner"](point, 1, place.inst)
        assert (place.inst / "conf/two.conf").stat().st_uid == 4321
        assert (place.inst / "program").stat().st_mode & 0o7777 == 0o4755, "a change of owner clears set-id bits"
        assert (place.root / "versions/1/bin/program").stat().st_uid == 0, "what a link leads to is not the instance's"
        (place.inst / "conf/new").write_text("new", "utf-8")
        (place.inst / "conf/two.conf").unlink()
        point.put_back(1)
    (place.inst / "conf/new").unlink()
    assert place.seen() == {path: entry for path, entry in before.items() if path != "conf/two.conf"}


@pytest.mark.root
def test_what_is_not_there_is_nobodys(quick: Path) -> None:
    possible("change_owner")
    place = Place(quick).made().new_run()
    point = place.point()
    with closing(point.journal):
        with pytest.raises(PathUnfit):
            point.own(1, place.inst / "nowhere", owners.Account(1, 1), place.runs / "list")
        point.put_back(1)


# --- mounts -----------------------------------------------------------------------------------


@pytest.mark.root
def test_the_content_lies_on_the_mount_of_its_path(quick: Path) -> None:
    """An instance that is a mount of its own has no folder outside on that mount: then it lies inside."""
    with disks.tmpfs(quick / "inst", "20m") as inst:
        place = Place(quick, inst).made().new_run()
        before = place.seen()
        point = place.point()
        with closing(point.journal):
            for seq, name in enumerate(("write_file", "move_folder", "link_again", "link_over_file"), start=1):
                DEEDS[name](point, seq, inst)
            assert (inst / ".smena/run").is_dir()
            for seq in range(4, 0, -1):
                point.put_back(seq)
            assert place.seen() == before


@pytest.mark.root
def test_what_another_file_system_is_mounted_in_is_not_moved(quick: Path) -> None:
    place = Place(quick).made().new_run()
    with disks.tmpfs(place.inst / "data/deep/mounted", "1m"):
        before = place.seen()
        point = place.point()
        with closing(point.journal):
            with pytest.raises(PathUnfit, match="mounted"):
                point.move_away(1, place.inst / "data")
            with pytest.raises(PathUnfit, match="mount point"):
                point.move_away(2, place.inst / "data/deep/mounted")
            for seq in (2, 1):
                point.put_back(seq)
        assert place.seen() == before


@pytest.mark.root
def test_a_full_disk_leaves_the_old_or_the_new_and_the_way_back_needs_no_room(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "24m") as root:
        place = Place(root).made().new_run()
        before = place.seen()
        point = place.point()
        with closing(point.journal):
            for seq, name in enumerate(("link_again", "move_folder"), start=1):
                DEEDS[name](point, seq, place.inst)
            big = place.inst / "conf/two.conf"
            filling = root / "filling"
            with filling.open("ab", buffering=0) as file:
                try:
                    while True:
                        file.write(b"f" * 4096)
                except OSError:
                    pass
            os.truncate(filling, filling.stat().st_size - 200_000)
            with pytest.raises(FileFailed):
                point.write(3, big, b"n" * 8_000_000)
            assert big.read_text("utf-8") == "two=old\n"
            filling.unlink()
            for seq in (3, 2, 1):
                point.put_back(seq)
        assert place.seen() == before


def test_every_entry_says_what_it_was(quick: Path) -> None:
    """Reports and rollbacks of later days read these words."""
    place = Place(quick).made().new_run()
    point = place.point()
    with closing(point.journal):
        for seq, name in enumerate(("write_file", "write_new_file", "link_again", "move_folder"), start=1):
            DEEDS[name](point, seq, place.inst)
        told = [(entry.how, entry.path, entry.content is None, entry.state) for entry in point.journal.kept()]
    assert told == [
        ("file", encode(place.inst / "conf/one.conf"), False, "kept"),
        ("absent", encode(place.inst / "conf/four.conf"), True, "kept"),
        ("link", encode(place.inst / "bin"), True, "kept"),
        ("moved", encode(place.inst / "data"), False, "kept"),
    ]
