"""Locks: one holder, named for people, released by death."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from smena import clock
from smena.errors import FileFailed, LockBusy
from smena.host.lock import Lock, busy, holder
from smena.host.native import locks

HOLDER = """
import sys, time
from pathlib import Path
from smena.host.lock import Lock
lock = Lock(Path(sys.argv[1]), "upgrade of N").acquire()
print("held", flush=True)
time.sleep(600)
"""


def other(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_busy_lock_names_its_holder_and_death_releases_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with other(path) as process:
        with pytest.raises(LockBusy) as caught:
            Lock(path, "another").acquire()
        assert f"upgrade of N holds it (process {process.pid}, since 2" in str(caught.value.why[0])
        process.kill()
        process.wait()
    with Lock(path, "another") as mine:
        assert mine.held
        found = holder(path)
        assert found is not None
        assert found.purpose == "another"


def test_waiting_gets_it_when_it_is_released(tmp_path: Path) -> None:
    first = Lock(tmp_path / "lock", "first").acquire()
    threading.Timer(0.2, first.release).start()
    began = clock.ticks()
    with Lock(tmp_path / "lock", "second").acquire(10.0):
        assert 0.1 < clock.ticks() - began < 5


def test_waiting_has_a_limit(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock", "first"):
        began = clock.ticks()
        with pytest.raises(LockBusy):
            Lock(tmp_path / "lock", "second").acquire(0.2)
        assert 0.2 <= clock.ticks() - began < 2


def test_released_it_names_nobody_and_the_file_stays(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock", "first").acquire()
    lock.release()
    lock.release()
    assert holder(tmp_path / "lock") is None
    assert (tmp_path / "lock").exists()
    lock.acquire().release()


@pytest.mark.parametrize("words", [b"", b"{", b"\xff\xfe", b'{"purpose": 1}'])
def test_what_the_file_says_decides_nothing(tmp_path: Path, words: bytes) -> None:
    (tmp_path / "lock").write_bytes(words)
    assert holder(tmp_path / "lock") is None
    with Lock(tmp_path / "lock", "mine"):
        pass


def test_a_busy_lock_with_spoilt_words_is_still_busy(tmp_path: Path) -> None:
    with Lock(tmp_path / "lock", "mine"):
        (tmp_path / "lock").write_bytes(b"")
        with pytest.raises(LockBusy, match="is locked"):
            Lock(tmp_path / "lock", "other").acquire()


def test_a_program_that_we_start_does_not_inherit_it(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock", "mine").acquire()
    with subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(600)"]) as child:
        lock.release()
        Lock(tmp_path / "lock", "again").acquire().release()
        child.kill()


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileFailed, match="cannot lock"):
        Lock(tmp_path / "no" / "lock", "mine").acquire()


def test_whoever_looks_is_told_who_holds_it(tmp_path: Path) -> None:
    assert busy(tmp_path / "lock") is None
    with Lock(tmp_path / "lock", "upgrade of N"):
        refusal = busy(tmp_path / "lock")
        assert refusal is not None
        assert "upgrade of N holds it" in str(refusal.why[0])
    assert busy(tmp_path / "lock") is None
    Lock(tmp_path / "lock", "again").acquire().release()


def test_of_two_who_look_at_once_neither_takes_the_other_for_its_holder(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    with (tmp_path / "lock").open("rb") as looking:
        assert locks.try_share(looking.fileno())
        assert busy(tmp_path / "lock") is None
