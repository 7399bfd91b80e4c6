"""Copies of whole trees: everything kept, nothing shared, only the difference the second time."""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from smena import clock
from smena.errors import CannotCopy, DiskFull, FileFailed, PathUnfit, StillWritten
from smena.host.copy import Copied, delta_copy, first_copy
from support.disks import loop, need_root, tmpfs
from support.trees import OLD, content, discard, grow_old, plant, seen

Change = Callable[[Path], None]


def made(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    return plant(tmp_path / "source")


def first(tmp_path: Path, *, live: bool = True) -> Copied:
    return first_copy(tmp_path / "source", tmp_path / "copy", tmp_path / "list", live=live)


def delta(tmp_path: Path, *, live: bool = False) -> Copied:
    return delta_copy(tmp_path / "source", tmp_path / "copy", tmp_path / "list", live=live)


def equal(tmp_path: Path) -> bool:
    return seen(tmp_path / "source") == seen(tmp_path / "copy")


def settle(root: Path) -> None:
    """Change times cannot be set: wait until what was just made is old enough to be trusted."""
    grow_old(root)
    clock.sleep(2.1)


@pytest.mark.parametrize("live", [True, False])
def test_a_copy_is_equal_in_everything(tmp_path: Path, live: bool) -> None:
    source = made(tmp_path)
    before = seen(source)
    copied = first(tmp_path, live=live)
    assert equal(tmp_path)
    assert seen(source) == before
    assert (copied.files, copied.folders, copied.links, copied.skipped) == (10, 7, 2, ())


def test_hard_links_inside_stay_together_and_never_reach_the_source(tmp_path: Path) -> None:
    source = made(tmp_path)
    os.link(source / "secret", tmp_path / "outside")
    first(tmp_path)
    copy = tmp_path / "copy"
    assert (copy / "data" / "records").samefile(copy / "data" / "second name")
    inodes = {path.lstat().st_ino for path in source.rglob("*")}
    assert not inodes & {path.lstat().st_ino for path in copy.rglob("*")}
    assert (copy / "secret").stat().st_nlink == 1


def test_holes_stay_holes(tmp_path: Path) -> None:
    made(tmp_path)
    first(tmp_path)
    info = (tmp_path / "copy" / "holes").stat()
    assert info.st_size == 8 * 1024 * 1024
    assert info.st_blocks * 512 < 1024 * 1024


def test_owners_and_access_lists_are_kept(tmp_path: Path) -> None:
    need_root()
    source = made(tmp_path)
    entries = bytes.fromhex("01000700ffffffff02000400d204000004000500ffffffff10000500ffffffff20000000ffffffff")
    os.setxattr(source / "data", "system.posix_acl_access", b"\x02\0\0\0" + entries)
    os.setxattr(source / "data", "system.posix_acl_default", b"\x02\0\0\0" + entries)
    os.chown(source / "data" / "records", 33, 34)
    os.lchown(source / "link", 33, 33)
    os.setxattr(source / "program", "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))
    first(tmp_path)
    assert equal(tmp_path)


def test_an_inherited_access_list_does_not_stay_on_the_copy(tmp_path: Path) -> None:
    """The folder that receives the copy gives everything in it an access list; the source has none."""
    made(tmp_path)
    target = tmp_path / "kept"
    target.mkdir()
    entries = bytes.fromhex("01000700ffffffff02000400d204000004000500ffffffff10000500ffffffff20000000ffffffff")
    os.setxattr(target, "system.posix_acl_default", b"\x02\0\0\0" + entries)
    first_copy(tmp_path / "source", target / "copy", tmp_path / "list")
    assert seen(target / "copy") == seen(tmp_path / "source")


@pytest.mark.parametrize("kind", ["file", "link", "empty folder"])
def test_what_is_no_tree_is_copied_too(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "source"
    if kind == "file":
        source.write_bytes(b"port: 80")
    elif kind == "link":
        source.symlink_to("elsewhere")
    else:
        source.mkdir()
    first(tmp_path)
    assert equal(tmp_path)
    delta(tmp_path)
    assert equal(tmp_path)


def test_a_taken_name_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "copy").mkdir()
    with pytest.raises(PathUnfit, match="there already"):
        first(tmp_path)
    assert list((tmp_path / "copy").iterdir()) == []


def test_a_missing_source_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileFailed, match="cannot copy"):
        first(tmp_path)


def test_sockets_and_pipes_are_listed_not_copied(tmp_path: Path) -> None:
    source = made(tmp_path)
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(source / "data" / "s"))
    copied = first(tmp_path)
    assert copied.skipped == (f"{source}/data/s", f"{source}/pipe")
    assert not (tmp_path / "copy" / "pipe").exists()
    assert delta(tmp_path).skipped == copied.skipped


def test_a_device_is_refused(tmp_path: Path) -> None:
    need_root()
    source = made(tmp_path)
    os.mknod(source / "data" / "null", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    with pytest.raises(CannotCopy, match="data/null is a device"):
        first(tmp_path)


def test_our_own_folder_in_the_tree_is_not_the_products(tmp_path: Path) -> None:
    source = made(tmp_path)
    before = seen(source)
    (source / ".smena" / "run").mkdir(parents=True)
    grow_old(source)
    first(tmp_path)
    assert seen(tmp_path / "copy") == before


def test_progress_only_grows(tmp_path: Path) -> None:
    made(tmp_path)
    told: list[tuple[int, int]] = []
    copied = first_copy(
        tmp_path / "source", tmp_path / "copy", tmp_path / "list", progress=lambda *now: told.append(now)
    )
    assert told == sorted(told)
    assert told[-1] == (copied.bytes, copied.files)


# -- the difference --------------------------------------------------------------------


def test_an_unchanged_tree_is_not_copied_again(tmp_path: Path) -> None:
    settle(made(tmp_path))
    first(tmp_path)
    inodes = {path: path.lstat().st_ino for path in (tmp_path / "copy").rglob("*")}
    assert delta(tmp_path) == Copied()
    assert equal(tmp_path)
    assert {path: path.lstat().st_ino for path in (tmp_path / "copy").rglob("*")} == inodes


def test_only_what_changed_is_copied(tmp_path: Path) -> None:
    source = made(tmp_path)
    settle(source)
    first(tmp_path)
    (source / "data" / "nothing").write_bytes(b"something")
    copied = delta(tmp_path)
    assert (copied.files, copied.bytes) == (1, 9)
    assert equal(tmp_path)


def change_a_file(source: Path) -> None:
    (source / "data" / "records").write_bytes(b"shorter")


def change_and_hide(source: Path) -> None:
    """Same size, same mtime: only the change time tells."""
    path = source / "secret"
    path.write_bytes(b"0601")
    os.utime(path, ns=(OLD, OLD))


def replace_by_rename(source: Path) -> None:
    (source / "new").write_bytes(b"0601")
    os.utime(source / "new", ns=(OLD, OLD))
    (source / "new").rename(source / "secret")


def swap_names(source: Path) -> None:
    (source / "secret").rename(source / "x")
    (source / "program").rename(source / "secret")
    (source / "x").rename(source / "program")


def delete_a_file(source: Path) -> None:
    (source / "data" / "nothing").unlink()


def delete_a_folder(source: Path) -> None:
    shutil.rmtree(source / "data")


def delete_the_last(source: Path) -> None:
    (source / "program").unlink()
    (source / "secret").unlink()


def folder_becomes_file(source: Path) -> None:
    shutil.rmtree(source / "data")
    (source / "data").write_bytes(b"a file now")


def file_becomes_folder(source: Path) -> None:
    (source / "secret").unlink()
    (source / "secret" / "deep").mkdir(parents=True)
    (source / "secret" / "deep" / "file").write_bytes(b"x")


def link_becomes_folder(source: Path) -> None:
    (source / "link").unlink()
    (source / "link").mkdir()
    (source / "link" / "file").write_bytes(b"x")


def folder_becomes_link(source: Path) -> None:
    (source / "data").rename(source / "moved")
    (source / "data").symlink_to("moved")


def link_points_elsewhere(source: Path) -> None:
    (source / "link").unlink()
    (source / "link").symlink_to("data/nothing")


def file_becomes_pipe(source: Path) -> None:
    (source / "secret").unlink()
    os.mkfifo(source / "secret")


def folder_becomes_pipe(source: Path) -> None:
    shutil.rmtree(source / "data")
    os.mkfifo(source / "data")


def rename_a_folder(source: Path) -> None:
    (source / "data").rename(source / "aaa")


def change_modes(source: Path) -> None:
    (source / "secret").chmod(0o644)
    (source / "data").chmod(0o711)
    (source / "closed").chmod(0o755)


def change_xattr(source: Path) -> None:
    os.setxattr(source / "secret", "user.smena", b"another")
    os.setxattr(source / "data", "user.smena", b"on a folder")


def part_the_hard_link(source: Path) -> None:
    (source / "data" / "second name").unlink()
    (source / "data" / "second name").write_bytes(b"its own")


def join_by_hard_link(source: Path) -> None:
    (source / "secret").unlink()
    os.link(source / "data" / "records", source / "secret")


def write_through_hard_link(source: Path) -> None:
    (source / "data" / "second name").write_bytes(b"both")


def add_deep(source: Path) -> None:
    (source / "data" / "deep" / "er" / "new").mkdir()
    (source / "data" / "deep" / "er" / "new" / "file").write_bytes(b"x")
    (source / "!first").write_bytes(b"x")
    (source / "~last").write_bytes(b"x")


def into_a_closed_folder(source: Path) -> None:
    (source / "closed").chmod(0o755)
    (source / "closed" / "more").write_bytes(b"x")
    (source / "closed").chmod(0o555)


CHANGES = [
    change_a_file,
    change_and_hide,
    replace_by_rename,
    swap_names,
    delete_a_file,
    delete_a_folder,
    delete_the_last,
    folder_becomes_file,
    file_becomes_folder,
    link_becomes_folder,
    folder_becomes_link,
    link_points_elsewhere,
    rename_a_folder,
    change_modes,
    change_xattr,
    part_the_hard_link,
    join_by_hard_link,
    write_through_hard_link,
    add_deep,
    into_a_closed_folder,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("live_before", [False, True])
def test_after_any_change_the_copy_is_equal(tmp_path: Path, change: Change, live_before: bool) -> None:
    source = made(tmp_path)
    first(tmp_path)
    make_trusted(tmp_path / "list")
    change(source)
    if live_before:
        delta(tmp_path, live=True)
        make_trusted(tmp_path / "list")
    delta(tmp_path)
    assert equal(tmp_path)
    assert hard_links(source) == hard_links(tmp_path / "copy")


def make_trusted(record: Path) -> None:
    """As if the copy had begun when everything was old already: then only real differences are copied."""
    record.write_text(record.read_text(encoding="utf-8").replace(",false]", ",true]"), encoding="utf-8")


def hard_links(root: Path) -> set[frozenset[str]]:
    groups: dict[int, set[str]] = {}
    for path in root.rglob("*"):
        if path.lstat().st_nlink > 1 and not path.is_dir():
            groups.setdefault(path.lstat().st_ino, set()).add(str(path.relative_to(root)))
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("change", [file_becomes_pipe, folder_becomes_pipe])
def test_what_became_a_pipe_is_gone_from_the_copy(tmp_path: Path, change: Change) -> None:
    source = made(tmp_path)
    first(tmp_path)
    make_trusted(tmp_path / "list")
    change(source)
    copied = delta(tmp_path)
    Path(copied.skipped[0]).unlink()
    assert content(source) == content(tmp_path / "copy")


def test_the_root_itself_may_become_something_else(tmp_path: Path) -> None:
    source = made(tmp_path)
    first(tmp_path)
    discard(source)
    source.write_bytes(b"a file now")
    delta(tmp_path)
    assert equal(tmp_path)


def test_a_file_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    """Coarse clocks: two writes within one tick leave the same time. So what is fresh is copied again."""
    made(tmp_path)
    first(tmp_path)
    assert delta(tmp_path).files == 10


# -- trouble ----------------------------------------------------------------------------


def test_a_tree_said_to_rest_that_does_not_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = made(tmp_path)

    def write_meanwhile(done: int, files: int) -> None:
        (source / "data" / "records").write_bytes(b"still alive")
        (source / "data" / f"{clock.ticks()}").write_bytes(b"")

    with pytest.raises(StillWritten, match="changed while it was copied"):
        first_copy(source, tmp_path / "copy", tmp_path / "list", live=False, progress=write_meanwhile)


def test_a_live_tree_may_lose_files_under_our_eyes(tmp_path: Path) -> None:
    source = made(tmp_path)

    def lose(done: int, files: int) -> None:
        (source / "program").unlink(missing_ok=True)
        shutil.rmtree(source / "empty", ignore_errors=True)
        (source / "secret").unlink(missing_ok=True)

    first_copy(source, tmp_path / "copy", tmp_path / "list", progress=lose)
    delta(tmp_path)
    assert equal(tmp_path)


@pytest.mark.root
def test_a_full_disk_is_said_and_the_next_try_works(tmp_path: Path) -> None:
    source = made(tmp_path)
    before = seen(source)
    with tmpfs(tmp_path / "disk", "200k") as disk:
        (source / "big").write_bytes(os.urandom(400_000))
        with pytest.raises(DiskFull):
            first_copy(source, disk / "copy", tmp_path / "list")
        assert not (tmp_path / "list").exists()
        (source / "big").unlink()
        grow_old(source)
        assert seen(source) == before


@pytest.mark.root
@pytest.mark.parametrize("kind", ["btrfs", "xfs"])
def test_where_the_file_system_can_a_copy_takes_no_room(tmp_path: Path, kind: str) -> None:
    with loop(kind, tmp_path / "disk", tmp_path / "image") as disk:
        (disk / "source").mkdir()
        plant(disk / "source")
        (disk / "source" / "big").write_bytes(os.urandom(40 * 1024 * 1024))
        os.sync()
        free = shutil.disk_usage(disk).free
        first_copy(disk / "source", disk / "copy", disk / "list", live=False)
        assert free - shutil.disk_usage(disk).free < 8 * 1024 * 1024
        assert seen(disk / "source") == seen(disk / "copy")
        (disk / "copy" / "big").write_bytes(b"changed")
        assert (disk / "source" / "big").stat().st_size == 40 * 1024 * 1024


@pytest.mark.root
@pytest.mark.parametrize("kind", ["btrfs", "xfs", "tmpfs"])
def test_across_file_systems(tmp_path: Path, kind: str) -> None:
    made(tmp_path)
    disk = tmpfs(tmp_path / "disk", "64m") if kind == "tmpfs" else loop(kind, tmp_path / "disk", tmp_path / "image")
    with disk as point:
        first_copy(tmp_path / "source", point / "copy", tmp_path / "list")
        change_a_file(tmp_path / "source")
        delta_copy(tmp_path / "source", point / "copy", tmp_path / "list")
        assert seen(point / "copy") == seen(tmp_path / "source")
        first_copy(point / "copy", tmp_path / "back", tmp_path / "list2")
        assert seen(tmp_path / "back") == seen(tmp_path / "source")
