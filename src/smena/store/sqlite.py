"""One SQLite file, opened the one way that survives a power cut.

Rules: WAL with `synchronous=FULL` (a commit that returned is on the disk); one
writer a file, readers open it read-only; schema changes are numbered and only
ever appended; a file written by a newer smena is refused in plain words. A full
disk is met by `relief` (which frees the reserve), because the journal must be able
to write down that the disk is full. SQLite takes back a whole transaction when its commit
finds no room, so what was written in it is remembered until then, and written again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smena.errors import DiskFull, SmenaError, StoreBroken, StoreOlder, StoreTooNew
from smena.text import _, plain

Migrations = Sequence[str]
Row = sqlite3.Row
Relief = Callable[[], bool]

_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}
_PERHAPS_FULL = {*_FULL, sqlite3.SQLITE_IOERR_WRITE}  # SQLite does not tell a used-up quota from a broken disk


class Store:
    """A connection with one transaction at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.relief: Relief = lambda: False
        self.relieved = False
        """Whether the disk was full and what was held in reserve has been given up."""
        self._connection = connection
        self._depth = 0
        self._written: list[tuple[str, Sequence[object]]] = []

    @contextmanager
    def change(self) -> Iterator[None]:
        """Everything inside is one commit; nested changes belong to the outermost."""
        if self._depth:
            yield
            return
        self._execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
            self._execute("COMMIT")
        finally:
            self._depth = 0
            self._written.clear()
            if self._connection.in_transaction:
                self._connection.rollback()

    def write(self, sql: str, *values: object) -> int:
        """One changing statement, committed at once unless inside `change()`. Returns the last row's id."""
        if not self._depth:
            with self.change():
                return self.write(sql, *values)
        number = self._execute(sql, *values).lastrowid or 0
        self._written.append((sql, values))
        return number

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._fetched(self._execute(sql, *values))

    def one(self, sql: str, *values: object) -> Row | None:
        return next(iter(self._fetched(self._execute(sql, *values))), None)

    def seal(self) -> None:
        """Bring everything that was written into the one file, so that it can be given another name."""
        self._execute("PRAGMA journal_mode=DELETE")

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            if _code(error) not in _PERHAPS_FULL or not self.relief():
                raise _broken(self.path, error) from error
        self.relieved = True
        try:
            self._write_again()
            return self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise _broken(self.path, error) from error

    def _fetched(self, cursor: sqlite3.Cursor) -> list[Row]:
        """A damaged page shows itself only here."""
        try:
            return cursor.fetchall()
        except sqlite3.DatabaseError as error:
            raise _broken(self.path, error) from error

    def _write_again(self) -> None:
        if self._depth and not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")
            for sql, values in self._written:
                self._connection.execute(sql, values)


def open_store(path: Path, migrations: Migrations, *, read_only: bool = False, migrate: bool = True) -> Store:
    """Open (or make) the file and bring it to the newest schema; `migrate=False` refuses an older one."""
    connection, found = _connect(path, read_only=read_only)
    store = Store(path, connection)
    try:
        _refuse_newer(path, found, len(migrations))
        if not read_only and found < len(migrations):
            _refuse_older(path, found, migrate=migrate)
            _migrate(store, migrations, found)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_newer(path: Path, found: int, known: int) -> None:
    if found > known:
        raise StoreTooNew(
            _("{path} was written by a newer smena", path=path),
            why=[_("its format is {found}, this smena knows {known}", found=found, known=known)],
            hint=_("use the newer smena again"),
        )


def _refuse_older(path: Path, found: int, *, migrate: bool) -> None:
    if found and not migrate:
        raise StoreOlder(
            _("{path} belongs to a run that an older smena began", path=path),
            why=[_("a newer smena never changes the journal of a run that is under way")],
            hint=_("finish or take back the run with the smena that began it"),
        )


def _connect(path: Path, *, read_only: bool) -> tuple[sqlite3.Connection, int]:
    """The connection, and the number of the schema that was found."""
    try:
        return _opened(path, "mode=ro" if read_only else "mode=rwc", write=not read_only)
    except sqlite3.DatabaseError as error:
        if read_only and _code(error) in _FULL and _rests(path):
            return _opened(path, "mode=ro&immutable=1", write=False)  # needs no room
        raise _broken(path, error) from error


def _opened(path: Path, how: str, *, write: bool) -> tuple[sqlite3.Connection, int]:
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        if write:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")
        return connection, int(connection.execute("PRAGMA user_version").fetchone()[0])
    except BaseException:
        connection.close()
        raise


def _rests(path: Path) -> bool:
    """Whether everything that was committed stands in the file itself, so nobody writes and none died writing."""
    log = path.with_name(f"{path.name}-wal")
    return not log.exists() or log.stat().st_size == 0


def _migrate(store: Store, migrations: Migrations, found: int) -> None:
    """Each migration and its number are one commit, so a death between two leaves a valid older file."""
    for number, script in enumerate(migrations[found:], start=found + 1):
        with store.change():
            for statement in filter(str.strip, script.split(";")):
                store.write(statement)
            store.write(f"PRAGMA user_version={number:d}")


def _broken(path: Path, error: sqlite3.DatabaseError) -> SmenaError:
    words: Any = plain(error)
    message = _("cannot use {path}: {error}", path=path, error=words)
    if _code(error) in _FULL:
        return DiskFull(message, hint=_("make room on this disk, then try again"))
    return StoreBroken(message, hint=_("smena doctor"))


def _code(error: sqlite3.DatabaseError) -> int | None:
    """Errors that Python's module raises by itself carry none."""
    return getattr(error, "sqlite_errorcode", None)


def library() -> tuple[int, ...]:
    """The version of SQLite itself."""
    return sqlite3.sqlite_version_info


def proven(path: Path, migrations: Migrations) -> None:
    """Read the whole file, nothing of it is changed; raises what is wrong with it."""
    store = open_store(path, migrations, read_only=True)
    try:
        told = [row[0] for row in store.all("PRAGMA quick_check(5)")]
        if told != ["ok"]:
            raise StoreBroken(_("{path} is damaged", path=path), why=[plain(words) for words in told])
    finally:
        store.close()
