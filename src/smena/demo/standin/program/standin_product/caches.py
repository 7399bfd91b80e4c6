"""The node's folder `db/node1`: caches that are made anew when they are missing, and data that only look like one.

The caches of older structures have to be deleted by hand on the way to 5.0, which does
not come up right with them. `cacheGroup-Users` and `cacheGroup-Scripts` must not be
deleted: nothing can make them again.
"""

from __future__ import annotations

import os

from . import disk
from .refusal import Refusal

CACHES = (
    "cacheGroup-Account-TableIdentity",
    "cacheGroup-Account-TableIdentityReplicated",
    "cacheGroup-LongValue",
    "cacheGroup-StringValue",
    "cacheGroup-StringValueReplicated",
    "cacheGroup-Keys",
    "cache-ignite-sys-cache",
    "cp",
    "metastorage",
)
DATA = ("cacheGroup-Users", "cacheGroup-Scripts")


def create(database: str, structure: str) -> None:
    """Make everything of a new database."""
    for name in DATA:
        disk.folder(_path(database, name))
        disk.write(_path(database, name, "part-0.bin"), f"{name}\n".encode())
    rebuild(database, structure)


def rebuild(database: str, structure: str) -> None:
    """Make the caches that are missing; what is there stays."""
    for name in CACHES:
        if not os.path.isdir(_path(database, name)):
            os.mkdir(_path(database, name))
            disk.write(_path(database, name, "part-0.bin"), f"structure {structure}\n".encode())
    disk.sync_folder(_path(database))


def convert(database: str, structure: str) -> None:
    """What the older products did: bring every cache to the new structure in place."""
    for name in CACHES:
        if os.path.isdir(_path(database, name)):
            disk.write(_path(database, name, "part-0.bin"), f"structure {structure}\n".encode())


def stale(database: str, structure: str) -> list[str]:
    """Caches that an older structure made."""
    wanted = f"structure {structure}\n".encode()
    return [
        name
        for name in CACHES
        if os.path.isdir(_path(database, name)) and disk.read(_path(database, name, "part-0.bin")) != wanted
    ]


def check_data(database: str) -> None:
    """Refuse a database from which too much was deleted."""
    for name in DATA:
        if not os.path.exists(_path(database, name, "part-0.bin")):
            raise Refusal(f"{_path(database, name)} is missing: this is data, not a cache; restore the database")


def _path(database: str, *names: str) -> str:
    return os.path.join(database, "db", "node1", *names)
