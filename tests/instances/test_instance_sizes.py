"""Sizes are counted as they are on the disk just now, each tree once, with the time."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from smena.host.paths import encode
from smena.instances import sizes
from smena.instances.sizes import Size
from support import standinproduct


def test_paths_within_each_other_are_read_off_one_walk(tmp_path: Path) -> None:
    (tmp_path / "data/db/node").mkdir(parents=True)
    (tmp_path / "data/db-old").mkdir()
    (tmp_path / "data/a").write_bytes(b"1")
    (tmp_path / "data/db/b").write_bytes(b"22")
    (tmp_path / "data/db/node/c").write_bytes(b"333")
    (tmp_path / "data/db-old/d").write_bytes(b"4444")
    named = {"data": "data", "db": "data/db", "node": "data/db/node", "file": "data/db/b", "none": "data/none"}
    found = sizes.measured({name: str(tmp_path / path) for name, path in named.items()})
    counted = {name: (size.bytes, size.files) for name, size in found.items()}
    assert counted == {"data": (10, 4), "db": (5, 2), "node": (3, 1), "file": (2, 1)}
    assert all(size.at.startswith("20") for size in found.values())


def test_links_are_followed_only_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a").write_bytes(b"123")
    (tmp_path / "data").symlink_to("real")
    (tmp_path / "real/up").symlink_to("..")
    found = sizes.measured({"data": str(tmp_path / "data"), "real": str(tmp_path / "real")})
    assert found["data"].bytes == found["real"].bytes == 3 + (tmp_path / "real/up").lstat().st_size


def test_a_file_with_several_names_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    os.link(tmp_path / "a", tmp_path / "b")
    assert sizes.measured({"top": str(tmp_path)})["top"].bytes == 5


def test_names_that_are_no_text(tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"\xff")
    strange.mkdir()
    (strange / os.fsdecode(b"\xfe")).write_bytes(b"12")
    assert sizes.measured({"top": encode(strange)})["top"].bytes == 2


@given(st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), max_size=12), st.data())
def test_every_path_has_what_a_walk_of_its_own_would_count(
    tmp_path_factory: object, files: list[list[str]], data: st.DataObject
) -> None:
    root: Path = tmp_path_factory.mktemp("tree")  # type: ignore[attr-defined]
    for number, parts in enumerate(files):
        folder = root.joinpath(*(f"{part}-dir" for part in parts[:-1]))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / parts[-1]).write_bytes(b"x" * number)
    every = [root, *root.rglob("*")]
    chosen = data.draw(st.lists(st.sampled_from(every), max_size=5))
    found = sizes.measured({str(number): str(path) for number, path in enumerate(chosen)})
    for number, path in enumerate(chosen):
        within = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
        assert found[str(number)].bytes == sum(file.stat().st_size for file in within)
        assert found[str(number)].files == len(within)


def test_by_role_they_are_added_up_and_as_old_as_their_oldest_part(tmp_path: Path) -> None:
    definition = standinproduct.definition(tmp_path)
    measured = {
        "config": Size(10, 2, "2026-01-02"),
        "instance-file": Size(5, 1, "2026-01-01"),
        "streams": Size(7, 1, "2026-01-03"),
    }
    found = sizes.by_role(definition, measured)
    assert found == {"configuration": Size(15, 3, "2026-01-01"), "uploads": Size(7, 1, "2026-01-03")}
    assert "versions" not in sizes.own_paths(definition, {"versions": "/v", "config": "/c"})


def test_what_was_measured_is_remembered_with_its_time(tmp_path: Path) -> None:
    assert sizes.remembered(tmp_path, "main") == {}
    sizes.remember(tmp_path, "main", {"database": Size(1, 2, "2026-01-01")})
    assert sizes.remembered(tmp_path, "main") == {"database": Size(1, 2, "2026-01-01")}
    (tmp_path / sizes.FOLDER / "main.json").write_text("[", "utf-8")
    assert sizes.remembered(tmp_path, "main") == {}, "only a note: it is measured again"


def test_a_home_that_cannot_be_written_keeps_nobody_from_measuring(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file", "utf-8")
    sizes.remember(tmp_path / "home", "main", {"database": Size(1, 2, "2026-01-01")})
