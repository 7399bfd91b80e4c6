"""SQLite files: opened durably, migrated by number. The only room that imports sqlite3."""

from smena.store.sqlite import Migrations, Row, Store, library, open_store, proven

__all__ = ["Migrations", "Row", "Store", "library", "open_store", "proven"]
