"""The folder `Database` as a whole: what structure it has, who holds it, how a new one is made.

format          the structure's name, and whether a conversion was begun and not ended
snapshots wal   the records (records.py)
Scripts git     the administrator's scripts and their history
FullTextSearch  an index, made anew by every conversion
db/node1        caches (caches.py) and the lock of the process that holds the database
"""

from __future__ import annotations

import os

from . import caches, disk, records
from .refusal import Refusal

FOLDERS = ("Scripts", "git", "FullTextSearch", "snapshots", "wal", "db", "db/node1")


class State:
    """What the file `format` says."""

    def __init__(self, structure: str, state: str = "ready", target: str = "") -> None:
        self.structure = structure
        self.state = state
        """`creating`, `ready` or `converting`."""
        self.target = target
        """The structure that a conversion is on its way to."""

    def save(self, folder: str) -> None:
        fields = f"structure={self.structure}\nstate={self.state}\n" + (
            f"target={self.target}\n" if self.target else ""
        )
        disk.write(os.path.join(folder, "format"), fields.encode())


def load(folder: str) -> State | None:
    """The state of the database; None where a new one may be made: an empty folder, or one never finished."""
    if not os.path.isdir(folder):
        raise Refusal(f"the database folder {folder} does not exist")
    path = os.path.join(folder, "format")
    if not os.path.exists(path):
        if set(os.listdir(folder)) - {"db"}:
            raise Refusal(f"{folder} is not empty and not a database: the file 'format' is missing")
        return None
    fields = dict(line.partition("=")[::2] for line in disk.read(path).decode("ascii", "replace").splitlines())
    if "structure" not in fields:
        raise Refusal(f"{path} does not name a structure")
    state = State(fields["structure"], fields.get("state", "ready"), fields.get("target", ""))
    return None if state.state == "creating" else state


def hold(folder: str) -> int:
    """Take the database for this process until it ends."""
    disk.folder(os.path.join(folder, "db", "node1"))
    descriptor = disk.lock(os.path.join(folder, "db", "node1", "lock"))
    if descriptor is None:
        raise Refusal(f"the database {folder} is in use by another process")
    return descriptor


def create(folder: str, structure: str) -> State:
    """Initialise an empty folder; killed in the middle, the next start does it again."""
    State(structure, "creating").save(folder)
    for name in FOLDERS:
        disk.folder(os.path.join(folder, name))
    disk.write(os.path.join(folder, "Scripts", "startup.cs"), "// Сценарий запуска\n".encode())
    disk.write(os.path.join(folder, "git", "HEAD"), b"ref: refs/heads/master\n")
    index(folder, structure)
    records.create(folder, structure)
    caches.create(folder, structure)
    state = State(structure)
    state.save(folder)
    return state


def index(folder: str, structure: str) -> None:
    """Make the full-text index anew."""
    disk.write(os.path.join(folder, "FullTextSearch", "segments"), f"segments of structure {structure}\n".encode())
