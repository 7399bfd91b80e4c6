"""Links of Windows, over a file system that has them: Wine 8 has none, so the two calls that read and set a reparse
point are stood in for, at the edge of the system. Everything above them is the real code on real folders and files."""

from __future__ import annotations

import ntpath
import os
import stat
import struct
import sys
from pathlib import Path

import pytest

from smena.errors import PathUnfit
from smena.host import copy, files, fingerprint, removal
from smena.host.native import folders, links
from smena.host.walk import Left, walk
from smena.host.windows import reparse_data
from smena.host.windows.api import calls, handles, information, names, points
from smena.host.windows.long_paths import whole
from smena.host.windows.numbers import NO_PATH, NOT_A_POINT, OTHER_POINT
from smena.restore.entries import Link

assert sys.platform == "win32"  # tells mypy too

REAL = (information.basic, names.marks)


class Points:
    """Reparse points by the number of the file: a rename takes them along."""

    def __init__(self) -> None:
        self.kept: dict[int, bytes] = {}

    def put(self, handle: int, data: bytes, path: str) -> None:
        number = information.whole(handle, path).number
        if number in self.kept and self.kept[number][:4] != data[:4]:
            raise calls.failure(path, OTHER_POINT)
        self.kept[number] = data

    def read(self, handle: int, path: str) -> bytes:
        number = information.whole(handle, path).number
        if number not in self.kept:
            raise calls.failure(path, NOT_A_POINT)
        return self.kept[number]

    def tag(self, handle: int, path: str) -> int:
        return int.from_bytes(self.kept[information.whole(handle, path).number][:4], "little")

    def basic(self, handle: int, path: str) -> information.Basic:
        found = REAL[0](handle, path)
        if information.whole(handle, path).number in self.kept:
            found = found._replace(marks=found.marks | names.POINT)
        return found

    def marks(self, path: str) -> int:
        with handles.handle(path, handles.READ_ATTRIBUTES) as handle:
            return self.basic(handle, path).marks


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> Points:
    found = Points()
    for module, name in ((points, "put"), (points, "read"), (information, "tag"), (information, "basic")):
        monkeypatch.setattr(module, name, getattr(found, name))
    monkeypatch.setattr(names, "marks", found.marks)
    return found


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    for version in ("4.2", "4.7"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "x.dll").write_bytes(version.encode())
        (tmp_path / version / "settings").write_bytes(version.encode())
    return tmp_path


def test_a_folder_of_this_host_gets_a_junction(versions: Path, made: Points) -> None:
    files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    assert links.kind(str(versions / "bin")) == "junction"
    assert files.link_target(versions / "bin") == str(versions / "4.2" / "bin")
    assert stat.S_ISLNK(files.look(versions / "bin").st_mode)
    [data] = made.kept.values()
    assert reparse_data.is_junction(data)
    assert "\\??\\C:\\".encode("utf-16-le") in data


def test_a_junction_is_led_elsewhere_in_place(versions: Path, made: Points) -> None:
    files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    before = folders.look(str(versions / "bin")).st_ino
    files.replace_link(versions / "bin", str(versions / "4.7" / "bin"))
    assert folders.look(str(versions / "bin")).st_ino == before
    assert files.link_target(versions / "bin") == str(versions / "4.7" / "bin")
    assert len(made.kept) == 1


def test_a_junction_is_led_to_what_is_not_there_yet(versions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it leads to is not touched, so it need not be there."""
    files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    real, link = handles.opened, whole(str(versions / "bin"))

    def opened(path: str, access: int, flags: int = handles.ITSELF) -> int:
        if path == link and not flags & handles.POINT_ITSELF:
            raise calls.failure(path, NO_PATH)
        return real(path, access, flags)

    monkeypatch.setattr(handles, "opened", opened)
    assert links.retarget(str(versions / "bin"), str(versions / "5.0" / "bin"))
    assert files.link_target(versions / "bin") == str(versions / "5.0" / "bin")


def test_a_file_gets_a_symbolic_link(versions: Path) -> None:
    files.make_link(versions / "settings", "4.2\\settings")
    assert links.kind(str(versions / "settings")) == "file"
    assert files.link_target(versions / "settings") == "4.2\\settings"
    files.replace_link(versions / "settings", str(versions / "4.7" / "settings"))
    assert files.link_target(versions / "settings") == str(versions / "4.7" / "settings")
    assert sorted(entry.name for entry in versions.iterdir()) == ["4.2", "4.7", "settings"]


def test_a_link_stays_a_link_to_the_same_kind_of_thing(versions: Path) -> None:
    files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    with pytest.raises(PathUnfit):
        files.replace_link(versions / "bin", str(versions / "4.7" / "settings"))
    assert files.link_target(versions / "bin") == str(versions / "4.2" / "bin")


def test_a_folder_named_from_the_links_place_gets_a_symbolic_link(versions: Path) -> None:
    files.make_link(versions / "bin", "4.2/bin")
    assert links.kind(str(versions / "bin")) == "folder"
    files.replace_link(versions / "bin", "4.7/bin")
    assert files.link_target(versions / "bin") == "4.7\\bin"


def test_a_file_system_that_only_pretends_is_seen_through(
    versions: Path, made: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(points, "put", lambda _handle, _data, _path: None)
    monkeypatch.setattr(points, "read", lambda _handle, _path: reparse_data.built(_other()))
    with pytest.raises(PathUnfit, match="cannot be a link"):
        files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    assert not (versions / "bin").exists()
    assert sorted(entry.name for entry in versions.iterdir()) == ["4.2", "4.7"]


def _other() -> reparse_data.Point:
    return reparse_data.Point("junction", "C:\\elsewhere")


def test_a_link_comes_back_as_it_was(versions: Path) -> None:
    """Also where what it leads to is not there any more: then nothing else tells of which kind it was."""
    files.make_link(versions / "bin", str(versions / "4.2" / "bin"))
    link = Link.at(versions / "bin")
    files.remove_file(versions / "bin")
    assert not os.path.lexists(versions / "bin")
    assert (versions / "4.2" / "bin" / "x.dll").exists()
    files.rename(versions / "4.2", versions / "gone")
    link.make(versions / "bin")
    assert link.is_wholly_at(versions / "bin")
    assert links.kind(str(versions / "bin")) == "junction"


def test_a_junction_is_not_walked_through(versions: Path) -> None:
    files.make_link(versions / "4.7" / "data", str(versions / "4.2"))
    found = [seen.path for seen in walk(versions / "4.7") if not isinstance(seen, Left)]
    assert found == ["", "bin", "bin/x.dll", "data", "settings"]
    with folders.open_folder(versions / "4.7") as folder, pytest.raises(NotADirectoryError):
        folder.enter("data")


def test_a_junction_is_copied_as_one_and_removed_alone(versions: Path) -> None:
    files.make_link(versions / "4.7" / "data", str(versions / "4.2"))
    ours = versions / removal.OURS / "run"
    files.make_folder(ours)
    copied = copy.first_copy(versions / "4.7", ours / "copy", versions / "list")
    assert copied.links == 1
    assert files.link_target(ours / "copy" / "data") == str(versions / "4.2")
    assert fingerprint.take(versions / "4.7") == fingerprint.take(ours / "copy")
    removal.remove_tree(ours / "copy")
    assert not (ours / "copy").exists()
    assert (versions / "4.2" / "bin" / "x.dll").read_bytes() == b"4.2"


def test_a_place_where_a_volume_hangs_is_no_link(versions: Path) -> None:
    """It has the same tag; what lies there belongs to another file system."""
    (versions / "disk").mkdir()
    volume = reparse_data.Point("junction", "\\\\?\\Volume{8b1e0cfe-0000-0000-0000-100000000000}\\")
    with handles.handle(whole(str(versions / "disk")), handles.WRITE_ATTRIBUTES) as handle:
        points.put(handle, reparse_data.built(volume), "")
    assert not files.is_link(versions / "disk")
    assert stat.S_ISDIR(files.look(versions / "disk").st_mode)


def test_data_is_no_link(versions: Path) -> None:
    for name in ("4.2", ntpath.join("4.2", "settings")):
        assert not files.is_link(versions / name)
        with pytest.raises(PathUnfit):
            files.replace_link(versions / name, str(versions / "4.7"))
        with pytest.raises(OSError, match=r"^\[Errno 22\]"):
            links.target(str(versions / name))


def test_a_file_that_cannot_be_read_through_its_point_is_closed_once(
    versions: Path, made: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handle closed twice may be another thread's by then."""
    with handles.handle(whole(str(versions / "4.2" / "settings")), handles.READ_ATTRIBUTES) as handle:
        made.kept[information.whole(handle, "").number] = struct.pack("<LHH", 0x80000013, 0, 0)  # deduplicated
    real = handles.opened
    closed: list[int] = []

    def opened(path: str, access: int, flags: int = handles.ITSELF) -> int:
        if path.endswith("settings") and not flags & handles.POINT_ITSELF:
            raise calls.failure(path, 395)
        return real(path, access, flags)

    monkeypatch.setattr(handles, "opened", opened)
    monkeypatch.setattr(handles, "close", closed.append)
    with folders.open_folder(versions / "4.2") as folder, pytest.raises(OSError, match="settings"):
        folder.open("settings")
    assert len(closed) == len(set(closed)) == 1
