"""The walk: its order, what it names when it cannot go on, and folders on both kinds of operating system."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from smena.host.native import folders
from smena.host.ports import Folder
from smena.host.walk import Found, Left, order, walk
from support.death import perform
from support.disks import need_root
from support.trees import plant


def planted(tmp_path: Path) -> Path:
    (tmp_path / "tree").mkdir()
    return plant(tmp_path / "tree")


def test_the_order_is_that_of_the_paths(tmp_path: Path) -> None:
    found = [seen.path for seen in walk(planted(tmp_path)) if isinstance(seen, Found)]
    assert found == sorted(found, key=order)
    assert found.index("data/deep/er") < found.index("data.d") < found.index("empty")
    assert len(found) == len(set(found))


def test_each_folder_is_left_after_what_lies_in_it(tmp_path: Path) -> None:
    open_ones: list[str] = []
    for seen in walk(planted(tmp_path)):
        if isinstance(seen, Left):
            assert open_ones.pop() == seen.path
        else:
            assert not open_ones or seen.path.startswith(f"{open_ones[-1]}/".lstrip("/"))
            if (tmp_path / "tree" / seen.path).is_dir() and not (tmp_path / "tree" / seen.path).is_symlink():
                open_ones.append(seen.path)
    assert open_ones == []


def test_nothing_stays_open_when_it_is_given_up(tmp_path: Path) -> None:
    planted(tmp_path)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for seen in walk(tmp_path / "tree"):
        if seen.path == "data/deep/er":
            break
    del seen
    steps = walk(tmp_path / "tree")
    for _step in range(8):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_folder_swapped_for_a_link_does_not_lead_away(tmp_path: Path) -> None:
    """Whoever may write in the tree puts a link in a folder's place while root walks in it."""
    tree = planted(tmp_path)
    (tmp_path / "elsewhere" / "deep").mkdir(parents=True)
    (tmp_path / "elsewhere" / "deep" / "secret of root").write_bytes(b"")
    seen_paths: list[str] = []
    for seen in walk(tree, live=True):
        seen_paths.append(seen.path)
        if seen.path == "data" and isinstance(seen, Found):
            (tree / "data").rename(tmp_path / "away")
            (tree / "data").symlink_to(tmp_path / "elsewhere")
    assert "data/deep/er" in seen_paths
    assert not any("secret of root" in path for path in seen_paths)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that anybody may look into: those above pytest's own are for its user alone."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_what_cannot_be_read_is_named(public: Path) -> None:
    """Seen by somebody who is not root, because root may read everything."""
    need_root()
    tree = planted(public)
    (tree / "data" / "deep").chmod(0o700)
    shown = perform(f"""
        import os
        from pathlib import Path
        from smena.errors import AccessDenied
        from smena.host.walk import walk
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
        try:
            list(walk(Path({str(tree)!r})))
        except AccessDenied as error:
            print(error)
    """)
    assert shown.stdout == f"cannot read {tree}/data/deep\n", shown.stderr


# -- folders; tests/windows asks the same of those of Windows --------------------


def test_folders_tell_the_same(tmp_path: Path) -> None:
    planted(tmp_path)
    with folders.open_folder(tmp_path / "tree") as folder:
        assert folder.names() == sorted(entry.name for entry in (tmp_path / "tree").iterdir())
        assert folder.stat_of("link").st_mode & 0o170000 == 0o120000
        assert os.fspath(folder.link_target("link")) == "data/records"
        assert folder.stat().st_ino == (tmp_path / "tree").stat().st_ino
        with folder.enter("data") as inner:
            assert inner.path == tmp_path / "tree" / "data"
            descriptor = inner.open("records")
            assert os.read(descriptor, 4) == bytes(range(4))
            os.close(descriptor)


WRONG: list[Callable[[Folder], object]] = [
    lambda folder: folder.open("link"),
    lambda folder: folder.open("data"),
    lambda folder: folder.open("missing"),
    lambda folder: folder.stat_of("missing"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_something_else_by_now_is_gone(tmp_path: Path, number: int) -> None:
    planted(tmp_path)
    with folders.open_folder(tmp_path / "tree") as folder, pytest.raises(FileNotFoundError):
        WRONG[number](folder)


def test_a_link_to_a_folder_is_not_entered(tmp_path: Path) -> None:
    planted(tmp_path)
    (tmp_path / "tree" / "to data").symlink_to("data")
    with folders.open_folder(tmp_path / "tree") as folder, pytest.raises(NotADirectoryError):
        folder.enter("to data")


def test_entries_are_removed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "file").write_bytes(b"")
    (tmp_path / "a" / "file").chmod(0o400)
    with folders.open_folder(tmp_path) as folder, folder.enter_to_empty("a") as inner:
        inner.remove_file("file")
        inner.remove_folder("b")
        assert inner.names() == []
