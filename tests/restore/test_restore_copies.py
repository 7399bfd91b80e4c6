"""Whole trees: copied, frozen, changed by foreign code, and swapped back; also behind links and on mount points."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from smena.errors import PathUnfit
from smena.host.paths import encode
from smena.journal.journal import Journal
from smena.restore.copies import Copies
from support import disks, trees
from support.forks import Forks
from support.restoreworld import Place

WORK = "support.restoreworld:"
FREEZE, CHANGE, AFTER = 2, 3, 4


def changing(*paths: Path) -> bytes:
    return msgspec.json.encode({"changes": [encode(path) for path in paths]})


def world(root: Path, inst: Path | None = None, *, changes: Path | None = None, begun: bool = False) -> Place:
    """first-copy, keep, a step that changes the tree, another keep, and one more that changes it."""
    place = Place(root, inst).made()
    tree = changes or place.inst
    steps = [
        ("first-copy", b"{}"),
        ("keep", b"{}"),
        ("start", changing(tree)),
        ("keep", b"{}"),
        ("start", changing(tree)),
    ]
    return place.new_run("run", *steps, begun=begun)


def begin(place: Place, *numbers: int) -> None:
    with closing(Journal.open(place.runs / "run")) as journal:
        for seq in numbers:
            journal.begin(seq, "doing")


def convert(tree: Path) -> None:
    """What foreign code does to a tree: everything changes, in place."""
    for path in sorted(tree.rglob("*")) if tree.is_dir() else [tree]:
        if ".smena" not in path.parts and path.is_file() and not path.is_symlink():
            path.write_bytes(b"converted " + path.read_bytes()[:20])
    if tree.is_dir():
        (tree / "structure").mkdir(exist_ok=True)
        (tree / "structure" / "new").write_text("new", "utf-8")
        (tree / "program").unlink(missing_ok=True)


def put_back(place: Place, seq: int = FREEZE) -> None:
    copies = place.copies()
    with closing(copies.journal):
        copies.put_back(seq)


def freeze(place: Place, tree: Path, seq: int = FREEZE, *, always: bool = False) -> None:
    copies = place.copies()
    with closing(copies.journal):
        copies.freeze(seq, tree, "slot", always=always)


def states(place: Place) -> list[str]:
    with closing(Journal.read(place.runs / "run")) as journal:
        return [entry.state for entry in journal.kept()]


# --- there and back -----------------------------------------------------------------------


@pytest.mark.parametrize("began_before", [False, True])
def test_a_converted_tree_comes_back_exactly_and_the_converted_one_is_kept(quick: Path, began_before: bool) -> None:
    place = world(quick)
    if began_before:
        copies = place.copies()
        with closing(copies.journal):
            assert copies.first(place.inst, "slot") is not None
            assert copies.first(place.inst, "slot") is None, "it was made already"
        (place.inst / "conf/two.conf").write_text("two=written meanwhile\n", "utf-8")
        (place.inst / "later").mkdir()
        (place.inst / "conf/three.conf").unlink()
    before = place.exact()
    freeze(place, place.inst)
    begin(place, CHANGE)
    convert(place.inst)
    held = place.treasure()
    put_back(place)
    assert place.exact() == before
    assert place.treasure() >= held
    put_back(place)
    assert place.exact() == before


def test_a_single_file_is_a_tree_too(quick: Path) -> None:
    place = Place(quick)
    file = place.inst / "conf/one.conf"
    world(quick, changes=file)
    before = place.seen()
    copies = place.copies()
    with closing(copies.journal):
        copies.first(file, "slot")
    freeze(place, file)
    begin(place, CHANGE)
    file.unlink()
    file.mkdir()
    put_back(place)
    assert place.seen() == before


@pytest.mark.parametrize("path", ["nowhere", "not/there/yet"])
def test_where_nothing_was_nothing_is_afterwards(quick: Path, path: str) -> None:
    place = Place(quick)
    tree = place.inst / path
    world(quick, changes=tree)
    copies = place.copies()
    with closing(copies.journal):
        assert copies.first(tree, "slot") is None
        assert copies.freeze(FREEZE, tree, "slot") is None
    begin(place, CHANGE)
    tree.mkdir(parents=True)
    (tree / "made").write_text("by the new version", "utf-8")
    held = place.treasure()
    put_back(place)
    assert not tree.exists()
    assert place.treasure() >= held


# --- only where something may have changed -----------------------------------------------------


def test_what_nothing_touched_is_left_alone(quick: Path) -> None:
    """Users worked on after a backup's copy was frozen: their work must not be taken away."""
    place = world(quick)
    freeze(place, place.inst)
    (place.inst / "conf/two.conf").write_text("two=of a user, since\n", "utf-8")
    before, inode = place.exact(), place.inst.stat().st_ino
    put_back(place)
    assert (place.exact(), place.inst.stat().st_ino) == (before, inode)


@pytest.mark.parametrize("changed", ["", "data", "data/deep/er", ".."])
def test_a_change_inside_the_tree_or_around_it_counts(quick: Path, changed: str) -> None:
    place = Place(quick)
    place.root.joinpath("inst").mkdir()
    world(quick, changes=Path(os.path.normpath(place.inst / changed)))
    before = place.exact()
    freeze(place, place.inst)
    begin(place, CHANGE)
    convert(place.inst)
    put_back(place)
    assert place.exact() == before


def test_a_change_of_a_neighbour_does_not_count(quick: Path) -> None:
    place = Place(quick)
    world(quick, changes=place.inst / "data.d")
    freeze(place, place.inst / "data")
    begin(place, CHANGE)
    (place.inst / "data/records").write_bytes(b"of a user")
    before = place.exact()
    put_back(place)
    assert place.exact() == before


@pytest.mark.parametrize("begun", [False, True])
def test_what_the_definition_wants_kept_comes_back_whatever_came_after(quick: Path, begun: bool) -> None:
    place = Place(quick)
    world(quick, changes=place.inst / "data")
    before = place.seen()
    freeze(place, place.inst / "conf", always=True)
    (place.inst / "conf/two.conf").write_text("two=by hand\n", "utf-8")
    changed = place.seen()
    begin(place, *([CHANGE] if begun else []))
    put_back(place)
    assert place.seen() == (before if begun else changed)


# --- more than one keep of a tree --------------------------------------------------------------


def test_a_later_keep_goes_on_with_the_copy_and_the_earlier_has_none_any_more(quick: Path) -> None:
    place = world(quick)
    freeze(place, place.inst)
    (place.inst / "conf/two.conf").write_text("two=of a user, since\n", "utf-8")
    before = place.exact()
    freeze(place, place.inst, AFTER)
    assert states(place) == ["superseded", "kept"]
    begin(place, CHANGE, AFTER, AFTER + 1)
    convert(place.inst)
    put_back(place, AFTER)
    put_back(place, FREEZE)
    assert place.exact() == before


def test_once_the_tree_was_touched_the_copy_is_the_only_original(quick: Path) -> None:
    place = world(quick)
    before = place.exact()
    freeze(place, place.inst)
    begin(place, CHANGE)
    convert(place.inst)
    freeze(place, place.inst, AFTER)
    assert states(place) == ["kept"]
    begin(place, AFTER, AFTER + 1)
    convert(place.inst)
    put_back(place, AFTER)
    put_back(place, FREEZE)
    assert place.exact() == before


def test_nested_trees_each_kept_come_back_as_one(quick: Path) -> None:
    place = Place(quick)
    world(quick, changes=place.inst)
    before = place.exact()
    copies = place.copies()
    with closing(copies.journal):
        copies.freeze(FREEZE, place.inst, "outer")
        copies.freeze(AFTER, place.inst / "data", "inner")
    begin(place, CHANGE, AFTER, AFTER + 1)
    convert(place.inst)
    put_back(place, AFTER)
    put_back(place, FREEZE)
    assert place.exact() == before


# --- links -------------------------------------------------------------------------------------


def behind_a_link(root: Path, *, there: bool = True) -> tuple[Place, Path, Path]:
    """The path in the definition is a link to another disk, as administrators do with large databases."""
    place = Place(root)
    link, tree = place.inst / "database", root / "disk" / "base"
    place.made()
    tree.parent.mkdir()
    if there:
        tree.mkdir()
        (tree / "records").write_text("old records", "utf-8")
    link.symlink_to(tree)
    steps = [("first-copy", b"{}"), ("keep", b"{}"), ("start", changing(link)), ("keep", b"{}")]
    place.new_run("run", *steps, begun=False)
    return place, link, tree


@pytest.mark.parametrize("replaced", [False, True])
def test_what_a_link_leads_to_is_what_is_kept(quick: Path, replaced: bool) -> None:
    place, link, tree = behind_a_link(quick)
    before, inside = place.seen(), trees.seen(tree)
    copies = place.copies()
    with closing(copies.journal):
        assert copies.first(link, "slot") is not None
        assert copies.place(link, "slot").is_dir()
        assert quick / "disk" in copies.place(link, "slot").parents
    freeze(place, link)
    begin(place, CHANGE)
    convert(tree)
    if replaced:  # foreign code put a folder in the place of the link
        link.unlink()
        link.mkdir()
        (link / "new home").write_text("of the data", "utf-8")
    held = place.treasure()
    put_back(place)
    assert (place.seen(), trees.seen(tree)) == (before, inside)
    assert place.treasure() >= held


def test_a_link_that_leads_nowhere_yet(quick: Path) -> None:
    place, link, tree = behind_a_link(quick, there=False)
    freeze(place, link)
    begin(place, CHANGE)
    tree.mkdir()
    convert(tree)
    put_back(place)
    assert link.is_symlink()
    assert not tree.exists()


def test_a_link_behind_which_nothing_was_touched_stays_as_somebody_set_it_since(quick: Path) -> None:
    place, link, _tree = behind_a_link(quick)
    freeze(place, link)
    link.unlink()
    link.symlink_to("elsewhere")
    put_back(place)
    assert os.fspath(link.readlink()) == "elsewhere"


# --- mount points ----------------------------------------------------------------------------------


@pytest.mark.root
@pytest.mark.parametrize("how", ["tmpfs", "bind"])
def test_a_mount_point_stays_and_what_lies_in_it_moves(quick: Path, how: str) -> None:
    inst = quick / "inst"
    (quick / "bound").mkdir()
    with disks.tmpfs(inst, "64m") if how == "tmpfs" else disks.bind(quick / "bound", inst):
        place = world(quick, inst)
        inst.chmod(0o2750)
        before = place.seen()
        copies = place.copies()
        with closing(copies.journal):
            copies.first(inst, "slot")
        freeze(place, inst)
        begin(place, CHANGE)
        convert(inst)
        inst.chmod(0o777)
        held = place.treasure()
        put_back(place)
        assert place.seen() == before
        assert place.treasure() >= held


@pytest.mark.root
def test_a_tree_in_which_something_is_mounted_is_refused_before_anything(quick: Path) -> None:
    place = world(quick)
    with disks.tmpfs(place.inst / "data/deep/mounted", "1m"):
        copies = place.copies()
        with closing(copies.journal):
            for act in (copies.first, lambda path, slot: copies.freeze(FREEZE, path, slot)):
                with pytest.raises(PathUnfit, match="mounted"):
                    act(place.inst, "slot")
            copies.put_back(FREEZE)
        assert not list((quick / ".smena/run").glob("copy-*"))


# --- tidying up ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("frozen", "touched", "stays"), [(0, 0, False), (1, 0, False), (1, 1, True)])
def test_only_a_copy_that_a_way_back_wants_is_left(quick: Path, frozen: int, touched: int, stays: bool) -> None:
    place = world(quick)
    copies = place.copies()
    with closing(copies.journal):
        copies.first(place.inst, "slot")
    if frozen:
        freeze(place, place.inst)
    if touched:
        begin(place, CHANGE)
    for _time in range(2):
        copies = place.copies()
        with closing(copies.journal):
            copies.tidy(place.inst, "slot")
            assert copies.place(place.inst, "slot").exists() == stays
            assert (copies.listings / "slot.list").exists() == stays


def test_nothing_is_made_for_what_is_not_there(quick: Path) -> None:
    place = world(quick)
    copies = place.copies()
    with closing(copies.journal):
        copies.first(place.inst / "nowhere", "slot")
        copies.tidy(place.inst / "nowhere", "slot")
    assert not (quick / ".smena").exists()


# --- death ------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_death_anywhere_while_it_is_copied_and_frozen(quick: Path, forks: Forks) -> None:
    listing = world(quick / "listing")
    making = forks.points(WORK + "first", listing.root, listing.inst)
    freezing = forks.points(WORK + "freeze", listing.root, listing.inst)
    for number, (work, point) in enumerate([*(("first", p) for p in _few(making)), *(("freeze", p) for p in freezing)]):
        place = world(quick / f"d{number}")
        if work == "freeze":
            forks.done(WORK + "first", place.root, place.inst)
            (place.inst / "conf/two.conf").write_text("two=written meanwhile\n", "utf-8")
        before = place.exact()
        forks.die(WORK + work, place.root, place.inst, point=point)
        assert place.exact() == before, point
        if number % 2:
            forks.done(WORK + "copy_back", place.root)
            assert place.exact() == before, f"{point}: going back before anything was touched"
            continue
        for again in ("first", "freeze"):
            forks.done(WORK + again, place.root, place.inst)
        begin(place, CHANGE)
        convert(place.inst)
        forks.done(WORK + "copy_back", place.root)
        assert place.exact() == before, point


def _few(points: list[str]) -> list[str]:
    """The first of each name: a copy passes the same point for every file."""
    return [point for point in points if point.endswith("@1")]


def test_a_death_anywhere_while_it_is_put_back(quick: Path, forks: Forks) -> None:
    def ready(root: Path) -> tuple[Place, dict[str, trees.Entry]]:
        place = world(root)
        before = place.exact()
        freeze(place, place.inst)
        begin(place, CHANGE)
        convert(place.inst)
        return place, before

    place, before = ready(quick / "listing")
    points = forks.points(WORK + "copy_back", place.root)
    assert len(points) >= 3
    for number, point in enumerate(points):
        place, before = ready(quick / f"b{number}")
        held = place.treasure()
        forks.die(WORK + "copy_back", place.root, point=point)
        assert place.treasure() >= held, point
        forks.done(WORK + "copy_back", place.root)
        assert place.exact() == before, point
        assert place.treasure() >= held, point


def test_a_death_while_what_a_link_leads_to_is_put_back(quick: Path, forks: Forks) -> None:
    def ready(root: Path) -> tuple[Place, Path, dict[str, trees.Entry]]:
        place, link, tree = behind_a_link(root)
        before = place.seen()
        freeze(place, link)
        begin(place, CHANGE)
        convert(tree)
        link.unlink()
        link.write_text("no link any more", "utf-8")
        return place, tree, before

    place, tree, _before = ready(quick / "listing")
    points = forks.points(WORK + "copy_back", place.root)
    assert len(points) >= 6
    for number, point in enumerate(points):
        place, tree, before = ready(quick / f"l{number}")
        forks.die(WORK + "copy_back", place.root, point=point)
        forks.done(WORK + "copy_back", place.root)
        assert place.seen() == before, point
        assert (tree / "records").read_text("utf-8") == "old records", point


@pytest.mark.slow
@pytest.mark.root
def test_a_death_while_the_entries_of_a_mount_point_move(quick: Path, forks: Forks) -> None:
    def ready(root: Path) -> tuple[Place, dict[str, trees.Entry]]:
        place = world(root)
        before = place.seen()
        freeze(place, place.inst)
        begin(place, CHANGE)
        convert(place.inst)
        return place, before

    root = quick / "place"
    (root / "bound").mkdir(parents=True)
    with disks.bind(root / "bound", root / "inst"):
        place, _before = ready(root)
        points = forks.points(WORK + "copy_back", place.root)
    assert len(points) > 20
    for number, point in enumerate(points[:: max(1, len(points) // 25)]):
        root = quick / f"m{number}"
        (root / "bound").mkdir(parents=True)
        with disks.bind(root / "bound", root / "inst"):
            place, before = ready(root)
            held = place.treasure()
            forks.die(WORK + "copy_back", place.root, point=point)
            assert place.treasure() >= held, point
            forks.done(WORK + "copy_back", place.root)
            assert place.seen() == before, point
            assert place.treasure() >= held, point


def test_copies_need_no_open_journal_of_their_own(quick: Path) -> None:
    """What a run keeps can be told from its journal alone, by another process and much later."""
    place = world(quick)
    freeze(place, place.inst)
    begin(place, CHANGE)
    convert(place.inst)
    point = place.point()
    with closing(point.journal):
        Copies(point, place.runs / "elsewhere").put_back(FREEZE)
    assert (place.inst / "program").exists()
