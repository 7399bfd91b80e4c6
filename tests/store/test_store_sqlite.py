"""State files: migrated by number, one commit or none, and a full disk met once."""

from __future__ import annotations

import signal
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.errors import DiskFull, StoreBroken, StoreOlder, StoreTooNew
from smena.store import Store, open_store
from support import death, disks

FIRST = "CREATE TABLE word (word TEXT NOT NULL)"
SECOND = "ALTER TABLE word ADD COLUMN said INTEGER NOT NULL DEFAULT 0; CREATE TABLE more (word TEXT)"
BROKEN = "CREATE TABLE third (word TEXT); ALTER TABLE nowhere ADD COLUMN x INTEGER"


def words(store: Store) -> list[str]:
    return [row["word"] for row in store.all("SELECT word FROM word ORDER BY rowid")]


def add(store: Store, *new: str) -> None:
    with store.change():
        for word in new:
            store.write("INSERT INTO word (word) VALUES (?)", word)


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as plain:
        names = {name for (name,) in plain.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    plain.close()
    return names


def number(path: Path) -> int:
    plain = sqlite3.connect(path)
    found = int(plain.execute("PRAGMA user_version").fetchone()[0])
    plain.close()
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


# --- formats ----------------------------------------------------------------------


def test_a_new_file_gets_every_migration_and_an_older_one_the_rest(path: Path) -> None:
    store = open_store(path, [FIRST])
    add(store, "kept")
    store.close()
    assert number(path) == 1

    store = open_store(path, [FIRST, SECOND])
    assert words(store) == ["kept"]
    assert store.one("SELECT said FROM word") is not None
    store.close()
    assert number(path) == 2
    assert tables(path) == {"word", "more"}


def test_a_migration_that_fails_leaves_the_older_file_whole(path: Path) -> None:
    store = open_store(path, [FIRST])
    add(store, "kept")
    store.close()
    with pytest.raises(StoreBroken, match="nowhere"):
        open_store(path, [FIRST, BROKEN])
    assert number(path) == 1
    assert tables(path) == {"word"}, "what the migration had done was taken back with it"
    store = open_store(path, [FIRST])
    assert words(store) == ["kept"]
    store.close()


def test_a_death_inside_a_migration_leaves_the_older_file_whole(path: Path) -> None:
    open_store(path, [FIRST]).close()
    code = f"""
        from pathlib import Path
        from smena import faults
        from smena.store import Store, open_store
        real = Store.write
        def write(self, sql, *values):
            faults.point("migration.statement")
            return real(self, sql, *values)
        Store.write = write
        open_store(Path({str(path)!r}), [{FIRST!r}, {SECOND!r}])
    """
    for statement in (1, 2, 3):
        ended = death.perform(code, fault=f"migration.statement@{statement}=kill")
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert (number(path), tables(path)) == (1, {"word"})
    assert death.perform(code).returncode == 0
    assert (number(path), tables(path)) == (2, {"word", "more"})


def test_a_newer_file_is_refused_by_everybody_and_left_alone(path: Path) -> None:
    open_store(path, [FIRST, SECOND]).close()
    before = path.read_bytes()
    for read_only in (False, True):
        with pytest.raises(StoreTooNew) as error:
            open_store(path, [FIRST], read_only=read_only)
        assert "its format is 2, this smena knows 1" in str(error.value.why[0])
        assert error.value.hint is not None
    assert path.read_bytes() == before


def test_an_older_file_that_may_not_be_touched_is_refused_but_can_be_read(path: Path) -> None:
    store = open_store(path, [FIRST])
    add(store, "kept")
    store.close()
    with pytest.raises(StoreOlder):
        open_store(path, [FIRST, SECOND], migrate=False)
    assert number(path) == 1
    reader = open_store(path, [FIRST, SECOND], read_only=True)
    assert words(reader) == ["kept"]
    reader.close()


def test_what_is_no_state_file_is_said_to_be_broken(path: Path) -> None:
    path.write_bytes(b"not a database at all, " * 100)
    for read_only in (False, True):
        with pytest.raises(StoreBroken):
            open_store(path, [FIRST], read_only=read_only)
    with pytest.raises(StoreBroken):
        open_store(path.parent / "nowhere" / "x.sqlite", [FIRST])
    with pytest.raises(StoreBroken):
        open_store(path.parent / "missing.sqlite", [FIRST], read_only=True)


# --- commits ------------------------------------------------------------------------


def test_everything_inside_a_change_is_one_commit_or_none(path: Path) -> None:
    store = open_store(path, [FIRST])
    reader = open_store(path, [FIRST], read_only=True)

    def fail() -> None:
        with store.change():
            add(store, "one")
            with store.change():
                add(store, "two")
            assert words(reader) == [], "an inner change does not commit by itself"
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        fail()
    assert words(store) == words(reader) == []
    with store.change():
        add(store, "one")
        add(store, "two")
    assert words(reader) == ["one", "two"]
    reader.close()
    store.close()


def test_readers_never_wait_for_the_writer_and_see_whole_commits(path: Path) -> None:
    store = open_store(path, [FIRST])
    add(store, "one")
    reader = open_store(path, [FIRST], read_only=True)
    with store.change():
        store.write("INSERT INTO word (word) VALUES ('two')")
        assert words(reader) == ["one"]
        other = open_store(path, [FIRST], read_only=True)
        assert words(other) == ["one"]
        other.close()
    assert words(reader) == ["one", "two"]
    with pytest.raises(StoreBroken, match="readonly"):
        reader.write("INSERT INTO word (word) VALUES ('three')")
    reader.close()
    store.close()


def test_a_commit_that_returned_outlives_kill_nine(path: Path) -> None:
    code = f"""
        import os, signal
        from pathlib import Path
        from smena.store import open_store
        store = open_store(Path({str(path)!r}), [{FIRST!r}])
        store.write("INSERT INTO word (word) VALUES ('committed')")
        store._connection.execute("BEGIN IMMEDIATE")
        store._connection.execute("INSERT INTO word (word) VALUES ('not committed')")
        os.kill(os.getpid(), signal.SIGKILL)
    """
    assert death.perform(code).returncode == -signal.SIGKILL
    store = open_store(path, [FIRST])
    assert words(store) == ["committed"]
    store.close()


@given(changes=st.lists(st.tuples(st.lists(st.text(max_size=4), max_size=4), st.booleans()), max_size=6))
def test_law_what_was_committed_is_there_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[list[str], bool]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("law") / "state.sqlite", [FIRST])
    expected: list[str] = []
    for new, fails in changes:
        try:
            with store.change():
                add(store, *new)
                if fails:
                    raise ValueError
        except ValueError:
            continue
        expected += new
    assert words(store) == expected
    store.close()


# --- a full disk -----------------------------------------------------------------------


class Disk:
    """A small disk with a state file, room held in reserve, and everything else taken."""

    def __init__(self, root: Path) -> None:
        self.path = root / "state.sqlite"
        self.reserve = root / "reserve"
        self.store = open_store(self.path, [FIRST])
        add(self.store, "before")
        self.reserve.write_bytes(b"r" * 400_000)
        self.filling = root / "filling"
        self.asked = 0

    def fill(self) -> None:
        with self.filling.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(b"f" * 4096)
            except OSError:
                return

    def relieve(self) -> bool:
        self.asked += 1
        there = self.reserve.exists()
        self.reserve.unlink(missing_ok=True)
        return there


@pytest.mark.root
def test_a_full_disk_at_commit_is_relieved_and_nothing_of_the_change_is_lost(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "2m") as root:
        disk = Disk(root)
        disk.store.relief = disk.relieve
        disk.fill()
        with disk.store.change():
            add(disk.store, "one")
            disk.store.write("UPDATE word SET word='two' WHERE word='one'")
            add(disk.store, "three" * 5000)
        assert disk.asked == 1
        assert disk.store.relieved
        reader = open_store(disk.path, [FIRST], read_only=True)
        assert words(reader) == ["before", "two", "three" * 5000]
        reader.close()
        disk.store.close()


@pytest.mark.root
def test_a_full_disk_without_reserve_is_said_plainly_and_leaves_the_last_commit(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "2m") as root:
        disk = Disk(root)
        disk.fill()
        with pytest.raises(DiskFull):
            add(disk.store, "one" * 5000)
        assert words(disk.store) == ["before"]
        assert not disk.store.relieved
        disk.filling.unlink()
        add(disk.store, "again")
        assert words(disk.store) == ["before", "again"]
        disk.store.close()


@pytest.mark.root
def test_a_resting_file_can_be_read_although_the_disk_is_full(tmp_path: Path) -> None:
    with disks.tmpfs(tmp_path / "disk", "2m") as root:
        disk = Disk(root)
        disk.store.close()
        disk.fill()
        reader = open_store(disk.path, [FIRST], read_only=True)
        assert words(reader) == ["before"]
        reader.close()
        with pytest.raises(DiskFull):
            open_store(disk.path, [FIRST])
