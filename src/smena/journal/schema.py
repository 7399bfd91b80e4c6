"""The journal's tables, as numbered migrations. Only ever append to the list."""

from __future__ import annotations

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE run (
        id TEXT PRIMARY KEY, kind TEXT NOT NULL, instance TEXT NOT NULL, product TEXT NOT NULL,
        from_version TEXT NOT NULL, to_version TEXT NOT NULL,
        plan BLOB NOT NULL, plan_hash TEXT NOT NULL, options BLOB NOT NULL,
        smena TEXT NOT NULL, who TEXT NOT NULL, host TEXT NOT NULL,
        state TEXT NOT NULL, why BLOB, recoveries INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL, started TEXT, finished TEXT
    );
    CREATE TABLE step (
        seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, version INTEGER NOT NULL, params BLOB NOT NULL,
        hop INTEGER NOT NULL, phase TEXT NOT NULL, title BLOB NOT NULL, no_return BLOB,
        status TEXT NOT NULL, record BLOB, attempts INTEGER NOT NULL DEFAULT 0,
        started TEXT, finished TEXT, undone TEXT, seconds REAL, why BLOB
    );
    CREATE TABLE event (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, seq INTEGER, level TEXT NOT NULL, text BLOB NOT NULL, fraction REAL
    );
    CREATE TABLE kept (
        id INTEGER PRIMARY KEY, seq INTEGER NOT NULL, path TEXT NOT NULL, how TEXT NOT NULL, content TEXT,
        detail BLOB, state TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE TABLE fact (name TEXT NOT NULL, moment TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (name, moment))
    """,
)
