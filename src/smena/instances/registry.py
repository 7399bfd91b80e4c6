"""The registry: which instances smena manages from this home, in one SQLite file.

Reading never waits. Whoever changes something holds a lock of the operating system
meanwhile, so that the file never has two writers. No file is an empty registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from smena import clock, faults
from smena.definition.mistake import near
from smena.errors import InstanceExists, InstanceUnknown, StoreBroken
from smena.host import files
from smena.host.lock import Lock
from smena.host.native import attributes
from smena.host.paths import encode
from smena.instances.instance import Instance, check_name
from smena.store import Row, Store, open_store
from smena.text import Text, _, plain

FILE = "instances.sqlite"
LOCK = "instances.lock"
MIGRATIONS: tuple[str, ...] = (
    "CREATE TABLE instance (name TEXT PRIMARY KEY, product TEXT NOT NULL, about BLOB NOT NULL)",
)
"""Only ever append."""

_PATIENCE = 10.0
_SHOWN = 8


def instances(home: Path) -> list[Instance]:
    """All of them, by name."""
    with _reading(home) as store:
        return [] if store is None else [_instance(row, store.path) for row in store.all(_ALL)]


def get(home: Path, name: str) -> Instance:
    """The instance of this name; an unknown one is an error with the nearest names."""
    found = find(home, name)
    if found is None:
        raise _unknown(name, [instance.name for instance in instances(home)])
    return found


def find(home: Path, name: str) -> Instance | None:
    with _reading(home) as store:
        row = None if store is None else store.one("SELECT * FROM instance WHERE name=?", encode(name))
        return None if store is None or row is None else _instance(row, store.path)


def add(home: Path, instance: Instance) -> Instance:
    """Write down a new instance; what is returned knows when."""
    check_name(instance.name)
    added = msgspec.structs.replace(instance, added=clock.stamp())
    with _changing(home) as store:
        if store.one("SELECT 1 FROM instance WHERE name=?", instance.name) is not None:
            raise InstanceExists(
                _("there is an instance {name} already", name=instance.name),
                hint=plain(f"smena instance show {instance.name}"),
            )
        store.write("INSERT INTO instance VALUES (?,?,?)", added.name, added.product, msgspec.json.encode(added))
        faults.point("registry.added")
    return added


def update(home: Path, instance: Instance) -> None:
    """Write down something else about an instance that is there; its name and product stay."""
    with _changing(home) as store:
        about = msgspec.json.encode(instance)
        known = store.one("SELECT 1 FROM instance WHERE name=? AND product=?", instance.name, instance.product)
        if known is None:
            raise _unknown(instance.name, [row["name"] for row in store.all(_ALL)])
        store.write("UPDATE instance SET about=? WHERE name=?", about, instance.name)


def remove(home: Path, name: str) -> Instance:
    """Forget an instance; nothing of the instance itself is touched."""
    with _changing(home) as store:
        row = store.one("SELECT * FROM instance WHERE name=?", encode(name))
        if row is None:
            raise _unknown(name, [known["name"] for known in store.all(_ALL)])
        store.write("DELETE FROM instance WHERE name=?", name)
        return _instance(row, store.path)


_ALL = "SELECT * FROM instance ORDER BY name"


@contextmanager
def _reading(home: Path) -> Iterator[Store | None]:
    """The file for reading; one of an older smena, or half made, is brought up to date first."""
    path = home / FILE
    if not path.exists():
        yield None
        return
    store = open_store(path, MIGRATIONS, read_only=True)
    if _schema(store) < len(MIGRATIONS):
        store.close()
        with _changing(home):
            pass
        store = open_store(path, MIGRATIONS, read_only=True)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _changing(home: Path) -> Iterator[Store]:
    """The file for one change, with nobody else writing to it."""
    files.make_folder(home, attributes.own(0o700))
    with Lock(home / LOCK, "smena instance").acquire(_PATIENCE):
        store = open_store(home / FILE, MIGRATIONS)
        try:
            yield store
        finally:
            store.close()


def _schema(store: Store) -> int:
    row = store.one("PRAGMA user_version")
    return 0 if row is None else int(row[0])


def _instance(row: Row, path: Path) -> Instance:
    try:
        return msgspec.json.decode(row["about"], type=Instance)
    except msgspec.DecodeError as error:
        raise StoreBroken(
            _("{path} holds something about {name} that cannot be read", path=path, name=row["name"]),
            why=[plain(error)],
            hint=_("smena doctor"),
        ) from error


def _unknown(name: str, known: list[str]) -> InstanceUnknown:
    meant = near(name, known)
    why: list[Text] = []
    if meant:
        why = [_("was {name} meant?", name=meant)]
    elif known:
        why = [_("there are: {names}", names=", ".join(known[:_SHOWN]))]
    else:
        why = [_("no instance is registered in this home yet")]
    hint = plain("smena instance list") if known else plain("smena instance discover")
    return InstanceUnknown(_("there is no instance {name}", name=encode(name[:64])), why=why, hint=hint)
