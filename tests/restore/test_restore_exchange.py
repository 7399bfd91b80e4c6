"""Going back after a run is final, and forward again: two states change places, and nothing of either is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from smena.errors import RestorePointGone
from smena.host import owners
from smena.host.paths import encode
from smena.journal.journal import Journal
from smena.restore.exchange import Exchange, entries_to_exchange
from smena.restore.point import RestorePoint
from support import disks, trees
from support.forks import Forks
from support.restoreworld import Place

WORK = "support.restoreworld:"
ROOT = os.geteuid() == 0
Seen = dict[str, trees.Entry]


def upgraded(root: Path, inst: Path | None = None) -> tuple[Place, Seen]:
    """An upgrade over several hops that is final: what it kept, it kept as steps do. Returns what there was before."""
    place = Place(root, inst).made()
    data, streams, notes = (place.inst / name for name in ("data", "streams", "notes"))
    notes.mkdir()
    (notes / "one").write_text("note", "utf-8")
    changes = {5: data, 7: streams}
    steps = [
        ("start" if seq in changes else "any", _changing(changes[seq]) if seq in changes else b"{}")
        for seq in range(1, 20)
    ]
    before = place.seen()
    place.new_run("old", *steps)
    point, copies = place.point("old"), place.copies("old")
    copies.point.journal.close()
    copies.point = point
    copies.journal = point.journal
    with closing(point.journal):
        for seq, tree in ((1, data), (2, notes)):  # for the backup
            copies.freeze(seq, tree, tree.name)
        copies.freeze(3, data, "data")
        copies.freeze(6, streams, "streams")
        _hops(point, place.inst)
        _convert(data)
        streams.mkdir()
        (streams / "upload").write_text("of a user", "utf-8")
    (notes / "two").write_text("of a user, since", "utf-8")
    shutil.rmtree(data / "deep")
    return place, before


def _changing(path: Path) -> bytes:
    return msgspec.json.encode({"changes": [encode(path)]})


def _hops(point: RestorePoint, inst: Path) -> None:
    for number, seq in enumerate((8, 12, 16), start=1):
        point.link(seq, inst / "bin", f"../versions/{number}/bin")
        point.write(seq + 1, inst / "conf/one.conf", f"one={number}\n".encode())
        point.write(seq + 1, inst / "conf/four.conf", f"four={number}\n".encode())
    point.move_away(10, inst / "conf/three.conf")
    point.move_away(11, inst / "data/deep/er")
    point.link(14, inst / "conf/two.conf", "one.conf")
    point.link(14, inst / "fresh", "conf")
    if ROOT:
        record = point.journal.store.path.with_name("owners.list")
        point.own(18, inst / "conf", owners.Account(4321, 5432), record)
        (inst / "conf/five.conf").write_text("five", "utf-8")


def _convert(tree: Path) -> None:
    (tree / "records").write_bytes(b"converted")
    (tree / "second name").unlink()
    (tree / "structure").write_bytes(b"new")


def expected(before: Seen) -> Seen:
    """As before; what no step changed stays as users left it, and so do files that only they made."""
    entry = before["notes/one"]
    found = {**before, "notes/two": (*entry[:4], b"of a user, since", 0)}
    if ROOT:
        found["conf/five.conf"] = (*entry[:4], b"five", 0)
    return found


def comparable(seen: Seen) -> Seen:
    users = ("notes/two", "conf/five.conf")
    return {path: (*entry[:-1], 0) if path in users else entry for path, entry in seen.items()}


def again(place: Place, name: str = "back") -> None:
    place.new_run(name, ("put-back", b"{}"))


def exchange(place: Place, old: str, new: str) -> int:
    point = place.point(new)
    with closing(point.journal), closing(Journal.read(place.runs / old)) as journal:
        return Exchange(point, 1).carry(journal)


def undo(place: Place, new: str) -> None:
    point = place.point(new)
    with closing(point.journal):
        Exchange(point, 1).undo()


def test_back_and_forward_and_back_again(quick: Path) -> None:
    place, before = upgraded(quick)
    new, held = place.seen(), place.treasure()
    for name in ("back", "forward", "once-more"):
        again(place, name)
    exchange(place, "old", "back")
    assert comparable(place.seen()) == expected(before)
    assert place.treasure() == held
    exchange(place, "back", "forward")
    assert place.seen() == new
    exchange(place, "forward", "once-more")
    assert comparable(place.seen()) == expected(before)
    assert place.treasure() == held


def test_an_exchange_that_fails_later_is_taken_back(quick: Path) -> None:
    place, before = upgraded(quick)
    new, held = place.seen(), place.treasure()
    again(place)
    for _time in range(2):
        exchange(place, "old", "back")
        assert comparable(place.seen()) == expected(before)
    for _time in range(2):
        undo(place, "back")
        assert place.seen() == new
    assert place.treasure() == held
    again(place, "second")
    exchange(place, "old", "second")
    assert comparable(place.seen()) == expected(before), "the restore point is whole again"


def test_what_came_since_is_kept(quick: Path) -> None:
    """Between the upgrade and the rollback people worked, and not only where the product does."""
    place, before = upgraded(quick)
    again(place)
    (place.inst / "data/structure").write_text("precious 1", "utf-8")
    (place.inst / "conf/three.conf").mkdir()
    (place.inst / "conf/three.conf/inside").write_text("precious 2", "utf-8")
    (place.inst / "bin").unlink()
    (place.inst / "bin").write_text("precious 3", "utf-8")
    shutil.rmtree(place.inst / "streams")
    held, new = place.treasure(), place.seen()
    exchange(place, "old", "back")
    assert comparable(place.seen()) == expected(before)
    assert place.treasure() == held
    undo(place, "back")
    assert place.seen() == new


def test_several_runs_are_taken_back_the_newest_first(quick: Path) -> None:
    place = Place(quick).made()
    states = [place.seen()]
    for number in (2, 3):
        place.new_run(f"up{number}")
        point = place.point(f"up{number}")
        with closing(point.journal):
            point.link(1, place.inst / "bin", f"../versions/{number}/bin")
            point.write(2, place.inst / "conf/one.conf", f"one={number}\n".encode())
            point.move_away(3, place.inst / f"conf/{'two' if number == 2 else 'three'}.conf")
        states.append(place.seen())
    place.new_run("back", ("put-back", b"{}"), ("put-back", b"{}"))
    point = place.point("back")
    with closing(point.journal):
        for seq, old, state in ((1, "up3", states[1]), (2, "up2", states[0])):
            with closing(Journal.read(place.runs / old)) as journal:
                Exchange(point, seq).carry(journal)
            assert place.seen() == state
    again(place, "forward")
    exchange(place, "back", "forward")
    assert place.seen() == states[2], "and forward again over both"


def test_nothing_moves_when_something_that_was_kept_is_gone(quick: Path) -> None:
    place, _before = upgraded(quick)
    again(place)
    with closing(Journal.read(place.runs / "old")) as journal:
        entry = entries_to_exchange(journal)[-1]
    shutil.rmtree(Path(entry.content or ""))
    now = place.exact()
    with pytest.raises(RestorePointGone, match="data"):
        exchange(place, "old", "back")
    undo(place, "back")
    assert place.exact() == now


def test_a_missing_folder_is_made_where_no_tree_around_it_comes_back(quick: Path) -> None:
    place = Place(quick).made().new_run("old")
    point = place.point("old")
    with closing(point.journal):
        before = place.seen()
        point.move_away(1, place.inst / "conf/three.conf")
    (place.inst / "conf").rename(place.inst / "renamed")
    again(place)
    now = place.seen()
    exchange(place, "old", "back")
    assert place.seen()["conf/three.conf"] == before["conf/three.conf"]
    undo(place, "back")
    assert {path: entry for path, entry in place.seen().items() if path != "conf"} == now


def test_a_link_that_is_right_already_stays_and_goes_nowhere(quick: Path) -> None:
    place = Place(quick).made().new_run("old")
    before = place.seen()
    point = place.point("old")
    with closing(point.journal):
        point.link(1, place.inst / "bin", "../versions/2/bin")
    (place.inst / "bin").unlink()
    (place.inst / "bin").symlink_to("../versions/1/bin")
    for name in ("back", "forward"):
        again(place, name)
    exchange(place, "old", "back")
    assert place.seen().keys() == before.keys()
    exchange(place, "back", "forward")
    assert os.fspath((place.inst / "bin").readlink()) == "../versions/1/bin"


def test_only_what_the_run_itself_changed_changes_places(quick: Path) -> None:
    """What was put back, let go or went on into another entry is nobody's to exchange."""
    place, _before = upgraded(quick)
    with closing(Journal.open(place.runs / "old")) as journal:
        chosen = [(entry.path.removeprefix(f"{place.inst}/"), entry.how) for entry in entries_to_exchange(journal)]
        expected = [
            ("fresh", "absent"),
            ("conf/two.conf", "moved"),
            ("data/deep/er", "moved"),
            ("conf/three.conf", "moved"),
            ("conf/four.conf", "absent"),
            ("conf/one.conf", "file"),
            ("bin", "link"),
            ("streams", "copy"),
            ("data", "copy"),
        ]
        assert chosen == [*([("conf", "owners")] if ROOT else []), *expected]
        for entry in journal.kept():
            journal.mark(entry.id, "left")
        assert entries_to_exchange(journal) == []


@pytest.mark.root
def test_an_instance_that_is_a_mount_of_its_own(quick: Path) -> None:
    inst = quick / "inst"
    with disks.tmpfs(inst, "64m"):
        place = Place(quick, inst).made()
        before = place.seen()
        place.new_run("old", ("keep", b"{}"), ("start", _changing(inst)), ("any", b"{}"))
        copies = place.copies("old")
        with closing(copies.journal):
            copies.freeze(1, inst, "slot")
            copies.point.link(3, inst / "bin", "../versions/2/bin")
        (inst / "program").unlink()
        (inst / "structure").write_text("new", "utf-8")
        inst.chmod(0o711)
        new = place.seen()
        for name in ("back", "forward", "failing"):
            again(place, name)
        exchange(place, "old", "back")
        assert place.seen() == before
        exchange(place, "back", "forward")
        assert place.seen() == new
        exchange(place, "forward", "failing")
        undo(place, "failing")
        assert place.seen() == new


# --- death ---------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("way", ["done again", "taken back"])
def test_a_death_anywhere_in_an_exchange(quick: Path, forks: Forks, way: str) -> None:
    def check(place: Place, before: Seen, new: Seen, held: set[str], point: str) -> None:
        assert place.treasure() == held, point
        if way == "done again":
            forks.done(WORK + "exchange", place.root, "old", "back")
            assert comparable(place.seen()) == expected(before), point
        forks.done(WORK + "exchange_back", place.root, "back")
        assert place.seen() == new, point
        assert place.treasure() == held, point

    _at_every_point(quick, forks, ("exchange", "old", "back"), check)


@pytest.mark.slow
def test_a_death_anywhere_while_an_exchange_is_taken_back(quick: Path, forks: Forks) -> None:
    def check(place: Place, before: Seen, new: Seen, held: set[str], point: str) -> None:
        forks.done(WORK + "exchange_back", place.root, "back")
        assert place.seen() == new, point
        assert place.treasure() == held, point

    _at_every_point(quick, forks, ("exchange_back", "back"), check, first=("exchange", "old", "back"))


@pytest.mark.slow
def test_a_death_anywhere_on_the_way_forward_again(quick: Path, forks: Forks) -> None:
    def check(place: Place, before: Seen, new: Seen, held: set[str], point: str) -> None:
        forks.done(WORK + "exchange", place.root, "back", "forward")
        assert place.seen() == new, point
        assert place.treasure() == held, point

    _at_every_point(quick, forks, ("exchange", "back", "forward"), check, first=("exchange", "old", "back"))


Check = Callable[[Place, Seen, Seen, set[str], str], None]


def _at_every_point(
    quick: Path, forks: Forks, act: tuple[str, ...], check: Check, *, first: tuple[str, ...] | None = None
) -> None:
    def ready(name: str) -> tuple[Place, Seen, Seen, set[str]]:
        place, before = upgraded(quick / name)
        new = place.seen()
        for run in ("back", "forward"):
            again(place, run)
        if first is not None:
            forks.done(WORK + first[0], place.root, *first[1:])
        return place, before, new, place.treasure()

    work, *arguments = act
    listing = ready("listing")[0]
    points = forks.points(WORK + work, listing.root, *arguments)
    assert len(points) > 25
    for number, point in enumerate(points):
        place, before, new, held = ready(f"p{number}")
        forks.die(WORK + work, place.root, *arguments, point=point)
        check(place, before, new, held, point)
        shutil.rmtree(place.root)
