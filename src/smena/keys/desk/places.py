"""What lies where in a desk's folder, and what its store looks like."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL);
    CREATE TABLE key (
        public BLOB PRIMARY KEY, id BLOB NOT NULL UNIQUE, account BLOB NOT NULL, about BLOB NOT NULL,
        held BLOB NOT NULL, promised BLOB NOT NULL
    );
    CREATE TABLE question (
        hash BLOB PRIMARY KEY, key BLOB NOT NULL, message BLOB NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
        answer BLOB NOT NULL, head BLOB NOT NULL
    );
    CREATE INDEX question_key ON question (key);
    CREATE INDEX question_open ON question (state) WHERE state = 'open';
    CREATE TABLE orders (number INTEGER PRIMARY KEY, key BLOB NOT NULL, state TEXT NOT NULL, about BLOB NOT NULL);
    CREATE INDEX orders_key ON orders (key);
    CREATE TABLE issuer (number INTEGER PRIMARY KEY, serial INTEGER NOT NULL);
    CREATE TABLE person (name TEXT PRIMARY KEY, about BLOB NOT NULL);
    CREATE TABLE serial (serial TEXT PRIMARY KEY, about BLOB NOT NULL);
    CREATE TABLE logged (number INTEGER NOT NULL, hash BLOB PRIMARY KEY, line BLOB NOT NULL);
    CREATE TABLE audit (number INTEGER PRIMARY KEY, line BLOB NOT NULL, hash BLOB NOT NULL)
    """,
)
"""Only ever append. Without semicolons in any text."""


@dataclass(frozen=True)
class Places:
    """The folder of a desk."""

    base: Path

    @property
    def store(self) -> Path:
        return self.base / "desk.sqlite"

    @property
    def log(self) -> Path:
        return self.base / "answers.log"

    @property
    def lock(self) -> Path:
        return self.base / "desk.lock"

    @property
    def trust(self) -> Path:
        return self.base / "trust"

    def issuer(self, number: int) -> Path:
        return self.base / "seeds" / f"issuer-{number}"

    def exchange(self, number: int) -> Path:
        return self.base / "seeds" / f"exchange-{number}"
