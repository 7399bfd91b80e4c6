"""One SQLite file, opened the one way that survives a power cut.

Rules: WAL with `synchronous=FULL` (a commit that returned is on the disk); one
writer a file, readers open it read-only; schema changes are numbered and only
ever appended; a file written by a newer smena is refused in plain words. A full
disk is met once by `relief` (which frees the reserve), because the journal must
be able to write down that the disk is full.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from smena.errors import StoreBroken, StoreOlder, StoreTooNew
from smena.text import _, plain

Migrations = Sequence[str]
Row = sqlite3.Row
Relief = Callable[[], bool]


class Store:
    """A connection with one transaction at a time."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self.relief: Relief = lambda: False
        self._connection = connection
        self._depth = 0

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
        except BaseException:
            self._connection.rollback()
            raise
        else:
            self._execute("COMMIT")
        finally:
            self._depth = 0
            if self._connection.in_transaction:
                self._connection.rollback()

    def write(self, sql: str, *values: object) -> int:
        """One changing statement, committed at once unless inside `change()`. Returns the last row's id."""
        with self.change():
            return self._execute(sql, *values).lastrowid or 0

    def all(self, sql: str, *values: object) -> list[Row]:
        return self._execute(sql, *values).fetchall()

    def one(self, sql: str, *values: object) -> Row | None:
        row: Row | None = self._execute(sql, *values).fetchone()
        return row

    def close(self) -> None:
        self._connection.close()

    def _execute(self, sql: str, *values: object) -> sqlite3.Cursor:
        try:
            return self._connection.execute(sql, values)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL or not self.relief():
                raise _broken(self.path, error) from error
            return self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise _broken(self.path, error) from error


def open_store(path: Path, migrations: Migrations, *, read_only: bool = False, migrate: bool = True) -> Store:
    """Open (or make) the file and bring it to the newest schema; `migrate=False` refuses an older one."""
    try:
        connection = _connect(path, read_only=read_only)
        store = Store(path, connection)
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise _broken(path, error) from error
    if found > len(migrations):
        connection.close()
        raise StoreTooNew(
            _("{path} was written by a newer smena", path=path),
            why=[_("its format is {found}, this smena knows {known}", found=found, known=len(migrations))],
            hint=_("use the newer smena again"),
        )
    if read_only or found == len(migrations):
        return store
    if found and not migrate:
        connection.close()
        raise StoreOlder(
            _("{path} belongs to a run that an older smena began", path=path),
            why=[_("a newer smena never changes the journal of a run that is under way")],
            hint=_("finish or take back the run with the smena that began it"),
        )
    _migrate(store, migrations, found)
    return store


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=10.0, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
    return connection


def _migrate(store: Store, migrations: Migrations, found: int) -> None:
    """Each migration and its number are one commit, so a death between two leaves a valid older file."""
    for number, script in enumerate(migrations[found:], start=found + 1):
        with store.change():
            for statement in filter(str.strip, script.split(";")):
                store.write(statement)
            store.write(f"PRAGMA user_version={number:d}")


def _broken(path: Path, error: Exception) -> StoreBroken:
    words: Any = plain(error)
    return StoreBroken(_("cannot use {path}: {error}", path=path, error=words), hint=_("smena doctor"))
