"""Single files and links: whole, durable, with everything kept that belongs to them."""

from __future__ import annotations

import os
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import DiskFull, FileFailed, OtherMount, PathUnfit
from smena.host import files, owners
from smena.host.native import attributes
from smena.host.ports import Attributes
from smena.selftest.case import Case
from smena.selftest.files import SUITE
from support.disks import need_root, tmpfs
from support.trees import content, seen


@pytest.mark.parametrize("case", SUITE.cases, ids=lambda case: case.name)
def test_what_is_tried_on_every_host(case: Case, tmp_path: Path) -> None:
    case.trial(tmp_path)


@given(st.binary(max_size=5000))
def test_what_is_written_is_read(tmp_path: Path, data: bytes) -> None:
    files.write_file(tmp_path / "file", data)
    assert (tmp_path / "file").read_bytes() == data


def test_an_access_list_is_kept(tmp_path: Path) -> None:
    """As setfacl -m u:1234:r writes it; given as bytes, so that the test needs no tool."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    access_list = bytes.fromhex(
        "0200000001000600ffffffff02000400d204000004000400ffffffff10000400ffffffff20000000ffffffff"
    )
    os.setxattr(path, "system.posix_acl_access", access_list)
    files.write_file(path, b"new")
    assert os.getxattr(path, "system.posix_acl_access") == access_list


def test_named_owner(tmp_path: Path) -> None:
    need_root()
    files.write_file(tmp_path / "file", b"", Attributes(0o640, *owners.resolve("www-data", None)[:2]))
    info = (tmp_path / "file").stat()
    assert (info.st_uid, info.st_gid, stat.S_IMODE(info.st_mode)) == (33, 33, 0o640)


def test_a_folder_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileFailed) as caught:
        files.write_file(tmp_path / "no" / "file", b"")
    assert str(caught.value) == f"cannot write {tmp_path}/no/file"
    assert str(caught.value.why[0]) == "No such file or directory"


def test_the_longest_name_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / ("я" * 127)  # 254 bytes
    files.write_file(path, b"1")
    files.write_file(path, b"2")
    assert path.read_bytes() == b"2"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    files.write_file(path, b"1")
    assert path.read_bytes() == b"1"
    with pytest.raises(PathUnfit, match="␛dcff"):
        files.make_folder(path)


@pytest.mark.root
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "disk", "1m") as disk:
        files.write_file(disk / "config", b"old")
        before = seen(disk)
        with pytest.raises(DiskFull) as caught:
            files.write_file(disk / "config", bytes(2 * 1024 * 1024))
        assert caught.value.hint is not None
        assert content(disk) == {path: (*entry[:-1], 0) for path, entry in before.items()}


# -- links ------------------------------------------------------------------------


def test_a_link_keeps_its_owner(tmp_path: Path) -> None:
    need_root()
    (tmp_path / "bin").symlink_to("old")
    os.lchown(tmp_path / "bin", 33, 33)
    files.replace_link(tmp_path / "bin", "new")
    assert (tmp_path / "bin").lstat().st_uid == 33


def test_a_taken_name_gets_no_link(tmp_path: Path) -> None:
    (tmp_path / "bin").write_bytes(b"data")
    with pytest.raises(FileFailed, match="cannot make the link"):
        files.make_link(tmp_path / "bin", "elsewhere")
    assert (tmp_path / "bin").read_bytes() == b"data"


# -- renames ----------------------------------------------------------------------


def test_a_tree_gets_another_name(tmp_path: Path) -> None:
    (tmp_path / "Database" / "db").mkdir(parents=True)
    (tmp_path / "Database" / "db" / "1").write_bytes(b"x")
    (tmp_path / "kept").mkdir()
    before = seen(tmp_path / "Database")
    files.rename(tmp_path / "Database", tmp_path / "kept" / "0")
    assert seen(tmp_path / "kept" / "0") == before
    assert not (tmp_path / "Database").exists()


@pytest.mark.root
def test_a_rename_to_another_mount_is_said(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"data")
    with tmpfs(tmp_path / "disk", "1m") as disk, pytest.raises(OtherMount, match="cannot rename"):
        files.rename(tmp_path / "old", disk / "new")
    assert (tmp_path / "old").read_bytes() == b"data"


def test_a_missing_file_cannot_be_renamed(tmp_path: Path) -> None:
    with pytest.raises(FileFailed):
        files.rename(tmp_path / "old", tmp_path / "new")


# -- folders ----------------------------------------------------------------------


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "a" / "b", attributes.own(0o700))
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list((tmp_path / "a").iterdir())) == 1


def test_many_may_make_one_folder_at_once(tmp_path: Path) -> None:
    wrong: list[BaseException] = []

    def make(number: int) -> None:
        try:
            files.make_folder(tmp_path / str(number) / "a" / "b")
        except BaseException as error:  # noqa: BLE001 - shown below
            wrong.append(error)

    for number in range(20):
        threads = [threading.Thread(target=make, args=(number,)) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert not list(tmp_path.rglob(f"*{files.NEW}"))


def test_of_many_who_claim_a_name_one_gets_it(tmp_path: Path) -> None:
    path = tmp_path / "runs/a"
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _who: files.claim_folder(path, attributes.own(0o700)), range(8)))
    assert sorted(got) == [False] * 7 + [True]
    assert path.is_dir()
    assert list(path.parent.iterdir()) == [path]


def test_a_planted_link_does_not_become_the_folder(tmp_path: Path) -> None:
    files.temporary(tmp_path / "a").symlink_to(tmp_path)
    files.make_folder(tmp_path / "a")
    assert not (tmp_path / "a").is_symlink()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(PathUnfit, match="is not a folder"):
        files.make_folder(tmp_path / "a")


def test_attributes_can_be_stored() -> None:
    import msgspec

    kept = Attributes(0o640, 33, 33, {"user.x": b"\xff\x00"})
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Attributes) == kept
