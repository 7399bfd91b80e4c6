"""The files of smena on Windows itself: run by a Python for Windows (see test_windows_python), never by this host's."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import pytest

from smena.errors import AccessDenied, FileFailed, FileInUse, OwnerUnknown, PathUnfit
from smena.host import copy, files, fingerprint, listing, owners, places, removal, reserve, trials
from smena.host.copy.state import State
from smena.host.lock import Lock, busy
from smena.host.native import attributes, content, durable, folders, locks, mounts, moves
from smena.host.windows import holding
from smena.host.windows.api import calls, handles
from smena.host.windows.api import names as names_of_windows
from smena.host.windows.numbers import DENIED
from smena.selftest.case import Case
from smena.selftest.files import SUITE

assert sys.platform == "win32"  # tells mypy too

HOLD = r"""
import ctypes, sys
from ctypes import wintypes
open_file = ctypes.windll.kernel32.CreateFileW
open_file.restype, open_file.argtypes = wintypes.HANDLE, [wintypes.LPCWSTR] + [wintypes.DWORD] * 2 + [
    ctypes.c_void_p, wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE]
held = open_file(sys.argv[1], 0xC0000000, int(sys.argv[2]), None, 3, 0x02000000, None)
if len(sys.argv) > 3:
    lock = ctypes.windll.kernel32.LockFile
    lock.argtypes = [wintypes.HANDLE] + [wintypes.DWORD] * 4
    assert lock(held, 0, 0, 100, 0)
print("held" if held != ctypes.c_void_p(-1).value else "not held", flush=True)
sys.stdin.readline()
"""
NOBODY, ANYBODY = "0", "7"


@contextmanager
def held(path: Path, shared: str = NOBODY, *more: str) -> Iterator[subprocess.Popen[str]]:
    """Another program has the file open, and lets others do with it what it says."""
    words = [sys.executable, "-c", HOLD, str(path), shared, *more]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        assert program.stdout.readline().strip() == "held"
        yield program
        program.kill()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding.patient, "__kwdefaults__", {"patience": 0.5, "passing": 0})


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    """A folder whose path is longer than 260 letters."""
    path = tmp_path.joinpath(*["a rather long name of a folder"] * 12)
    assert len(str(path)) > 300
    files.make_folder(path)
    return path


def seen(root: Path) -> dict[str, bytes]:
    """Every file of a tree."""
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


def plant(root: Path) -> None:
    (root / "data" / "Вложения").mkdir(parents=True)
    (root / "empty").mkdir()
    (root / "data" / "Вложения" / "отчёт №1.docx").write_bytes(bytes(range(256)) * 300)
    (root / "data" / "lines").write_bytes(b"one\ntwo\r\nthree\x1afour\n")
    (root / "read-only").write_bytes(b"r")
    (root / "read-only").chmod(stat.S_IREAD)


# -- what is tried on every host -------------------------------------------------------------

LINKS = {"link-stays", "planted", "relinked"}


@pytest.mark.parametrize("case", SUITE.cases, ids=lambda case: case.name)
def test_what_is_tried_on_every_host(case: Case, tmp_path: Path) -> None:
    if case.name in LINKS:
        pytest.skip("Wine makes no links")
    case.trial(tmp_path)


# -- single files -----------------------------------------------------------------------------


def test_every_byte_is_written_as_it_is(tmp_path: Path) -> None:
    files.write_file(tmp_path / "файл", b"one\ntwo\r\n\x1a\0")
    assert (tmp_path / "файл").read_bytes() == b"one\ntwo\r\n\x1a\0"


def test_a_file_at_the_end_of_a_long_path(deep: Path) -> None:
    files.write_file(deep / "x", b"1")
    files.write_file(deep / "x", b"2")
    files.rename(deep / "x", deep / "y")
    with folders.open_folder(deep) as folder:
        assert folder.names() == ["y"]
        descriptor = folder.open("y")
        assert os.read(descriptor, 5) == b"2"
        os.close(descriptor)
    files.remove_file(deep / "y")
    with folders.open_folder(deep) as folder:
        assert folder.names() == []


def test_a_read_only_file_is_replaced_and_stays_read_only(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    path.chmod(stat.S_IREAD)
    files.write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert not path.stat().st_mode & stat.S_IWRITE
    files.write_file(path, b"newer", attributes.own(0o644))
    assert path.stat().st_mode & stat.S_IWRITE
    path.chmod(stat.S_IREAD)
    files.remove_file(path)
    assert not path.exists()


def test_a_hidden_file_stays_hidden(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    subprocess.run(["attrib", "+h", str(path)], check=True)
    files.write_file(path, b"new")
    assert getattr(path.stat(), "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN
    assert path.read_bytes() == b"new"


def test_times_are_kept(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    os.utime(tmp_path / "a", ns=(1_600_000_000_123_456_700, 1_500_000_000_765_432_100))
    (tmp_path / "b").write_bytes(b"1")
    attributes.set_times(str(tmp_path / "b"), folders.look(str(tmp_path / "a")))
    assert (tmp_path / "b").stat().st_mtime_ns == 1_500_000_000_765_432_100


def test_the_change_of_a_file_shows(tmp_path: Path) -> None:
    """`st_ctime` is not the creation: it moves although the time of the last write is put back."""
    path = tmp_path / "a"
    path.write_bytes(b"1")
    before = folders.look(str(path))
    path.write_bytes(b"2")
    attributes.set_times(str(path), before)
    after = folders.look(str(path))
    assert after.st_mtime_ns == before.st_mtime_ns
    assert after.st_ctime_ns > before.st_ctime_ns


def test_a_look_is_what_python_sees(tmp_path: Path) -> None:
    plant(tmp_path)
    for path in (tmp_path, tmp_path / "data" / "lines", tmp_path / "read-only"):
        ours, theirs = folders.look(str(path)), path.stat()
        for name in ("st_mode", "st_size", "st_nlink", "st_mtime_ns", "st_dev"):
            assert getattr(ours, name) == getattr(theirs, name), name


def test_what_is_missing_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        folders.look(str(tmp_path / "no"))
    with pytest.raises(FileFailed):
        files.write_file(tmp_path / "no" / "file", b"")
    with folders.open_folder(tmp_path) as folder, pytest.raises(FileNotFoundError):
        folder.open("no")


def test_a_name_that_is_taken_in_another_case(tmp_path: Path) -> None:
    (tmp_path / "File").write_bytes(b"data")
    (tmp_path / "other").write_bytes(b"x")
    with pytest.raises(PathUnfit):
        files.rename(tmp_path / "other", tmp_path / "fILE")
    assert (tmp_path / "File").read_bytes() == b"data"
    assert folders.spelled(str(tmp_path / "File"))
    assert not folders.spelled(str(tmp_path / "FILE"))


# -- what others hold --------------------------------------------------------------------------


@pytest.mark.usefixtures("hasty")
def test_a_file_that_is_held_stays_and_is_named(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    with held(path), pytest.raises(FileInUse) as caught:
        files.write_file(path, b"new", attributes.own(0o644))
    assert "config" in str(caught.value.why[0])
    assert "another program holds it" in str(caught.value.why[1])  # Wine's Restart Manager knows nobody
    assert (path.read_bytes(), names(tmp_path)) == (b"old", ["config"])
    files.write_file(path, b"new")
    assert path.read_bytes() == b"new"


def test_who_lets_go_in_time_holds_nobody_up(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    with held(path) as program:
        assert program.stdin
        program.stdin.close()  # it goes on its own, while we wait
        files.rename(path, tmp_path / "other")
    assert names(tmp_path) == ["other"]


@pytest.mark.usefixtures("hasty")
def test_a_tree_with_a_held_file_stays_whole(tmp_path: Path) -> None:
    plant(tmp_path / "tree")
    before = seen(tmp_path / "tree")
    with held(tmp_path / "tree" / "data" / "lines"):
        try:
            files.rename(tmp_path / "tree", tmp_path / "moved")
        except FileFailed:
            assert not (tmp_path / "moved").exists()
        else:  # Wine lets it move
            files.rename(tmp_path / "moved", tmp_path / "tree")
    assert seen(tmp_path / "tree") == before


def test_reading_keeps_nobody_from_renaming_and_removing(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"1")
    with folders.open_folder(tmp_path) as folder:
        descriptor = folder.open("log")
        (tmp_path / "log").rename(tmp_path / "log.1")
        (tmp_path / "log.1").unlink()
        assert os.read(descriptor, 2) == b"1"
        os.close(descriptor)


GOING: dict[str, tuple[ModuleType, str, Callable[[Path], object]]] = {
    "a file": (handles, "opened", lambda at: os.close(content.create(str(at)))),
    "a file to read": (handles, "opened", lambda at: os.close(content.open_to_read(str(at.parent / "there")))),
    "a folder": (names_of_windows, "make_folder", lambda at: folders.make(str(at))),
    "a second name": (names_of_windows, "hard_link", lambda at: folders.second_name(str(at.parent / "there"), str(at))),
    "a removal": (names_of_windows, "marks", lambda at: moves.remove(str(at.parent / "there"))),
}


@pytest.mark.parametrize("number", [DENIED, 303])
@pytest.mark.parametrize("what", GOING)
def test_a_name_that_somebody_is_letting_go_of_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, number: int
) -> None:
    """A scanner had the file open when it was removed: its name is refused for a while. Wine has no such while."""
    room, call, act = GOING[what]
    real, left = getattr(room, call), [number] * 3

    def going(path: str, *words: object, **more: object) -> object:
        if left:
            raise calls.failure(path, left.pop())
        return real(path, *words, **more)

    (tmp_path / "there").write_bytes(b"1")
    monkeypatch.setattr(room, call, going)
    act(tmp_path / "new")
    assert not left


# -- trees --------------------------------------------------------------------------------------


def test_folders_tell_what_is_there(tmp_path: Path) -> None:
    plant(tmp_path / "tree")
    with folders.open_folder(tmp_path / "tree") as folder:
        assert folder.names() == ["data", "empty", "read-only"]
        assert folder.stat().st_ino == folders.look(str(tmp_path / "tree")).st_ino
        with folder.enter("data") as inner:
            assert inner.path == tmp_path / "tree" / "data"
            descriptor = inner.open("lines")
            assert os.read(descriptor, 100) == b"one\ntwo\r\nthree\x1afour\n"
            os.close(descriptor)
        with pytest.raises(NotADirectoryError):
            folder.enter("read-only")
        with pytest.raises(FileNotFoundError):
            folder.open("data")


def test_a_tree_is_copied_whole_and_then_its_difference(tmp_path: Path) -> None:
    source, target, record = tmp_path / "source", tmp_path / "target", tmp_path / "list"
    plant(source)
    copied = copy.first_copy(source, target, record, proven=True)
    assert (copied.files, copied.folders) == (3, 4)
    assert seen(target) == seen(source)
    assert fingerprint.take(source, times=True) == fingerprint.take(target, times=True)
    assert {state.path for state in listing.read(record, State)} >= {"", "data/lines", "read-only"}
    (source / "data" / "lines").write_bytes(b"changed")
    (source / "read-only").chmod(stat.S_IWRITE)
    (source / "read-only").unlink()
    (source / "new").write_bytes(b"n")
    copy.delta_copy(source, target, record, proven=True)
    assert seen(target) == seen(source)
    (source / "new").write_bytes(b"newer")
    copy.last_copy(source, target, record)
    assert seen(target) == seen(source)
    assert fingerprint.take(source, times=True) == fingerprint.take(target, times=True)


@pytest.mark.parametrize(("old", "new"), [("name", "NAME"), ("NAME", "name"), ("b", "B")])
def test_a_name_that_changed_its_case_is_copied_as_it_is_now(tmp_path: Path, old: str, new: str) -> None:
    source, target, record = tmp_path / "source", tmp_path / "target", tmp_path / "list"
    plant(source / old)
    (source / f"{old}.txt").write_bytes(b"1")
    copy.first_copy(source, target, record)
    for before, after in ((old, new), (f"{old}.txt", f"{new}.txt")):
        (source / before).rename(source / "away")
        (source / "away").rename(source / after)
    copy.delta_copy(source, target, record)
    assert names(target) == sorted([new, f"{new}.txt"])
    assert seen(target) == seen(source)


def test_what_a_running_program_keeps_shut_is_copied_after_its_end(tmp_path: Path) -> None:
    source, target, record = tmp_path / "source", tmp_path / "target", tmp_path / "list"
    plant(source)
    with held(source / "data" / "lines"):
        copied = copy.first_copy(source, target, record)
    assert copied.vanished == 1
    assert "data\\lines" not in seen(target)
    copy.delta_copy(source, target, record)
    assert seen(target) == seen(source)


def test_a_part_that_a_running_program_locks_is_copied_after_its_end(tmp_path: Path) -> None:
    source, target, record = tmp_path / "source", tmp_path / "target", tmp_path / "list"
    plant(source)
    with held(source / "data" / "lines", ANYBODY, "lock"):
        copied = copy.first_copy(source, target, record)
    assert copied.vanished in (0, 1)  # Wine reads a locked part all the same
    copy.delta_copy(source, target, record)
    assert seen(target) == seen(source)


def test_two_names_of_one_file_stay_one(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    plant(source)
    os.link(source / "data" / "lines", source / "second")
    copy.first_copy(source, target, tmp_path / "list")
    assert (target / "second").samefile(target / "data" / "lines")
    assert seen(target) == seen(source)


def test_a_tree_deeper_than_260_letters_is_copied_and_removed(deep: Path, tmp_path: Path) -> None:
    files.write_file(deep / "x", b"1" * 5000)
    top = tmp_path / "a rather long name of a folder"
    ours = tmp_path / removal.OURS / "run"
    files.make_folder(ours)
    copy.first_copy(top, ours / "a copy whose path is longer still", tmp_path / "list", proven=True)
    assert fingerprint.take(top) == fingerprint.take(ours / "a copy whose path is longer still")
    removal.remove_tree(ours / "a copy whose path is longer still")
    assert list(ours.iterdir()) == []


def test_read_only_trees_of_ours_are_removed(tmp_path: Path) -> None:
    ours = tmp_path / removal.OURS / "run"
    plant(ours / "tree")
    subprocess.run(["attrib", "+r", str(ours / "tree" / "empty")], check=True)
    removal.remove_tree(ours / "tree")
    assert not (ours / "tree").exists()
    plant(tmp_path / "theirs")
    with pytest.raises(PathUnfit):
        removal.remove_tree(tmp_path / "theirs")


def test_a_place_for_a_restore_point(tmp_path: Path) -> None:
    plant(tmp_path / "instance")
    root = places.content_root(tmp_path / "instance" / "data", [tmp_path / "instance"])
    assert root == tmp_path / removal.OURS
    assert attributes.is_private(str(root))
    files.rename(tmp_path / "instance" / "data", root / "kept")
    assert (root / "kept" / "lines").exists()


# -- access -------------------------------------------------------------------------------------


def test_what_is_for_us_alone_is_so_from_the_beginning(tmp_path: Path) -> None:
    descriptor = content.create(str(tmp_path / "secret"), attributes.own(0o600))
    assert attributes.is_private(str(tmp_path / "secret"))
    os.close(descriptor)
    files.make_folder(tmp_path / "closed" / "inner", attributes.own(0o700))
    assert attributes.is_private(str(tmp_path / "closed"))
    assert attributes.belongs_to_us(str(tmp_path / "closed"))
    assert not attributes.others_write(str(tmp_path / "closed"))
    files.write_file(tmp_path / "open", b"")
    assert not attributes.is_private(str(tmp_path / "open"))


def test_access_comes_along(tmp_path: Path) -> None:
    files.write_file(tmp_path / "secret", b"1", attributes.own(0o600))
    files.write_file(tmp_path / "secret", b"2")
    assert attributes.is_private(str(tmp_path / "secret"))
    copy.first_copy(tmp_path / "secret", tmp_path / "copy", tmp_path / "list")
    assert attributes.is_private(str(tmp_path / "copy"))


def test_access_that_is_not_kept_is_an_error(tmp_path: Path) -> None:
    """Wine keeps lists only as far as Linux has them."""
    (tmp_path / "data").write_bytes(b"")
    account = owners.resolve("Guests", None) if _known("Guests") else owners.resolve("Administrators", None)
    try:
        owners.give(owners.below(tmp_path), account)
    except AccessDenied as error:
        assert str(error.why[0]) == "the file system does not keep it"  # noqa: PT017


def _known(name: str) -> bool:
    try:
        owners.account(name)
    except OwnerUnknown:
        return False
    return True


def test_accounts_by_name() -> None:
    assert owners.resolve("Administrators", None).number == "S-1-5-32-544"
    with pytest.raises(OwnerUnknown):
        owners.resolve("Nobody of this name", None)
    assert owners.me()


# -- locks, room, volumes ---------------------------------------------------------------------

TAKE = """
import sys; from pathlib import Path; from smena.host.lock import Lock
Lock(Path(sys.argv[1]), "another").acquire(); print("taken", flush=True); sys.stdin.readline()
"""


def test_death_gives_a_lock_free(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    words = [sys.executable, "-c", TAKE, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        assert other.stdout.readline().strip() == "taken"
        with pytest.raises(Exception, match="is locked") as caught:
            Lock(path, "test").acquire()
        assert f"process {other.pid}" in str(caught.value.why[0])  # type: ignore[attr-defined]
        assert busy(path) is not None
        other.kill()
    with Lock(path, "test").acquire(5.0):
        pass


def test_whoever_looks_at_a_lock_is_not_its_holder(tmp_path: Path) -> None:
    Lock(tmp_path / "lock", "test").acquire().release()
    with (tmp_path / "lock").open("rb") as looking:
        assert locks.try_share(looking.fileno())
        assert busy(tmp_path / "lock") is None
        locks.unlock(looking.fileno())
    Lock(tmp_path / "lock", "again").acquire().release()


def test_room_is_set_aside_and_given_back(tmp_path: Path) -> None:
    path = reserve.hold(tmp_path, 3 * 1024 * 1024)
    descriptor = os.open(path, os.O_RDONLY)
    assert content.allocated_of(descriptor) >= 3 * 1024 * 1024
    os.close(descriptor)
    assert reserve.hold(tmp_path, 3 * 1024 * 1024) == path
    reserve.free(tmp_path)
    assert not reserve.held(tmp_path)


def test_what_the_volume_can_do(tmp_path: Path) -> None:
    assert trials.locks_hold(tmp_path)
    assert trials.write_out(tmp_path) < 5.0
    assert trials.clock_differs(tmp_path) < 2.0
    assert trials.shares_blocks(tmp_path) is False
    assert any(str(tmp_path).upper().startswith(mount.point) for mount in mounts.read())
    assert mounts.is_point("C:\\")
    assert not mounts.is_point(str(tmp_path))
    assert moves.one_mount(str(tmp_path), str(tmp_path.parent))
    assert not moves.one_mount(str(tmp_path), "Z:\\")
    durable.sync_folder(str(tmp_path))
    files.sync_tree(tmp_path)


# -- links ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["folder", "file"])
def test_a_link_that_cannot_be_made_leaves_nothing(tmp_path: Path, name: str) -> None:
    """Wine 8 makes none. Where one is made it leads there, and is led elsewhere in place."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(b"1")
    try:
        files.make_link(tmp_path / "link", str(tmp_path / name))
    except FileFailed:
        assert names(tmp_path) == ["file", "folder"]
        return
    assert files.is_link(tmp_path / "link")
    assert files.link_target(tmp_path / "link") == str(tmp_path / name)
