"""Killed at every point of every change: the old or the new, whole; a repetition ends it; nothing else is left."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.host import files
from support.death import die, perform, points
from support.trees import content

CASES = {
    "write over": "files.write_file(root / 'file', b'new')",
    "write new": "files.write_file(root / 'fresh', b'new')",
    "write private": "files.write_file(root / 'file', b'new', attributes.own(0o600))",
    "point a link elsewhere": "files.replace_link(root / 'link', 'new')",
    "make a link": "(root / 'other').is_symlink() or files.make_link(root / 'other', 'new')",
    "rename": "(root / 'folder').exists() and files.rename(root / 'folder', root / 'kept' / 'folder')",
    "make folders": "files.make_folder(root / 'a' / 'b', attributes.own(0o700))",
}
CHANGED = ("file", "fresh", "link", "other", "folder", "a", "a/b")


def prepared(root: Path) -> Path:
    root.mkdir()
    (root / "file").write_bytes(b"old")
    (root / "link").symlink_to("old")
    (root / "folder").mkdir()
    (root / "folder" / "data").write_bytes(b"data")
    (root / "kept").mkdir()
    return root


def code(root: Path, act: str) -> str:
    return f"""
        from pathlib import Path
        from smena.host import files
        from smena.host.native import attributes
        root = Path({str(root)!r})
        {act}
    """


@pytest.mark.parametrize("name", CASES)
def test_every_death(tmp_path: Path, name: str) -> None:
    act = CASES[name]
    new = prepared(tmp_path / "new")
    passed = points(code(new, act), tmp_path / "log")
    assert passed
    old = content(prepared(tmp_path / "old"))
    for number, point in enumerate(passed):
        root = prepared(tmp_path / f"dead{number}")
        die(code(root, act), point)
        after = {path: entry for path, entry in content(root).items() if files.NEW not in path}
        assert after in (old, content(new)) or name == "make folders"
        for path in CHANGED:  # what undo does first
            if (root / path).parent.is_dir():
                files.tidy(root / path)
        tidied = content(root)
        assert tidied in (old, content(new)) or name == "make folders"
        again = perform(code(root, act))
        assert again.returncode == 0, again.stderr
        assert content(root) == content(new), point


@pytest.mark.parametrize("name", ["write over", "write private", "point a link elsewhere"])
def test_an_error_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    passed = points(code(prepared(tmp_path / "x"), CASES[name]), tmp_path / "log")
    before_rename = [point for point in passed if not point.startswith("files.renamed")]
    old = content(prepared(tmp_path / "old"))
    for number, point in enumerate(before_rename):
        root = prepared(tmp_path / f"full{number}")
        ended = perform(code(root, CASES[name]), fault=f"{point}=full")
        assert "DiskFull" in ended.stderr
        assert content(root) == old
