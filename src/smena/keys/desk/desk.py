"""A desk that is open: its folder locked, its store and its trust list read, its answer log compared with the store.

Only one process works at a desk at a time. `Desk.ready` stands before everything that gives something away: it refuses
while the answer log is not what the store says.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from smena import clock, faults
from smena.errors import DeskMissing, SmenaError, StoreBroken
from smena.host.lock import Lock
from smena.host.paths import encode
from smena.keys import beside, packing, times
from smena.keys.certificates import Certificate
from smena.keys.desk import answerlog, audit, vault
from smena.keys.desk.answerlog import Line, Mark
from smena.keys.desk.audit import Head
from smena.keys.desk.places import MIGRATIONS, Places
from smena.keys.trust import Trust
from smena.store import Store, open_store
from smena.text import _, plain

_PATIENCE = 10.0


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the vendor decided once. `large`: so many more seats in one order need a second person."""

    name: str = ""
    large: int = 100


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """What the next trust list has to say: it waits for the root."""

    revoked: tuple[int, ...] = ()
    lost: tuple[bytes, ...] = ()


class Floor(msgspec.Struct, frozen=True):
    """Numbers of orders that were used before a backup was put back."""

    order: int = 0


@dataclass
class Desk:
    """`by` is who works at it; `now` the hour. `unread`: lines of the answer log that the store does not know."""

    places: Places
    store: Store
    trust: Trust
    by: str
    now: int
    settings: Settings
    mark: Mark
    unread: tuple[Line, ...] = ()
    trouble: SmenaError | None = None
    head: Head = field(default_factory=Head)
    serials: dict[int, int] = field(default_factory=dict)
    issuers: list[Certificate] | None = None
    seeds: dict[Path, bytes] = field(default_factory=dict, repr=False)

    def note(self, what: str, key: bytes = b"", **said: Any) -> None:
        """An entry of the audit chain, in the present commit."""
        self.head = audit.add(self.store, self.head, self.by, what, key, **said)

    @contextmanager
    def change(self) -> Iterator[None]:
        """One commit. If it is not made, what is remembered of the chain here is not either."""
        head, serials = self.head, dict(self.serials)
        try:
            with self.store.change():
                yield
        except BaseException:
            self.head, self.serials = head, serials
            raise

    def ready(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def record(self, contents: list[bytes]) -> None:
        """Lines for the answer log, in the present commit; `written` brings them into the file afterwards."""
        if not self.unread:
            keep(self.store, "mark", self.mark)
        for number, content in enumerate(contents, self.tip.number + 1):
            self.store.write("INSERT INTO logged VALUES (?,?,?)", number, answerlog.hash_of(content), content)

    def written(self, contents: list[bytes]) -> None:
        """The commit is done: now the file, synced."""
        faults.point("desk.committed")
        answerlog.append(self.places.log, contents)
        faults.point("desk.logged")
        for content in contents:
            self._advance(content)

    @property
    def tip(self) -> Mark:
        """The end of the answer log."""
        return self.unread[-1].after if self.unread else self.mark

    def seed(self, path: Path, purpose: vault.Purpose) -> bytes:
        if path not in self.seeds:
            self.seeds[path] = vault.read(path, purpose, lambda: "")
        return self.seeds[path]

    def exchange_seed(self, number: int) -> bytes | None:
        """Of the exchange key that a typed question names; None for signed ones, and where it is not at hand."""
        if not number:
            return None
        path = self.places.exchange(number)
        return self.seed(path, "exchange") if path.exists() else None

    def _advance(self, content: bytes) -> None:
        tip = self.tip
        after = Mark(tip.number + 1, tip.offset + len(content) + 1, answerlog.hash_of(content))
        if self.unread:
            entry = answerlog.decoded(content)
            assert entry is not None  # noqa: S101 - it was just encoded
            self.unread = (*self.unread, Line(content, entry, after))
        else:
            self.mark = after


@contextmanager
def opened(folder: Path, by: str, now: int | None = None) -> Iterator[Desk]:
    """The desk in this folder."""
    places = Places(folder)
    if not places.store.exists():
        raise DeskMissing(
            _("there is no desk in {path}", path=encode(folder)),
            hint=plain("smena desk init --product PRODUCT --root FILE"),
        )
    with Lock(places.lock, "smena desk").acquire(_PATIENCE):
        store = open_store(places.store, MIGRATIONS)
        try:
            yield _desk(places, store, by, times.hours(clock.now()) if now is None else now)
        finally:
            store.close()


def kept(store: Store, name: str, kind: type[msgspec.Struct]) -> Any:
    """A value that the store keeps under a name."""
    row = store.one("SELECT value FROM meta WHERE name=?", name)
    if row is None:
        return kind()
    found = packing.read(row["value"], kind)
    if found is None:
        raise StoreBroken(_("{path} holds something that cannot be read", path=store.path), hint=_("smena doctor"))
    return found


def keep(store: Store, name: str, value: msgspec.Struct) -> None:
    store.write("INSERT OR REPLACE INTO meta VALUES (?,?)", name, msgspec.json.encode(value))


def pending(desk: Desk) -> Pending:
    found: Pending = kept(desk.store, "pending", Pending)
    return found


def known_line(store: Store, content: bytes) -> bool:
    return store.one("SELECT 1 FROM logged WHERE hash=?", answerlog.hash_of(content)) is not None


def _desk(places: Places, store: Store, by: str, now: int) -> Desk:
    settings: Settings = kept(store, "settings", Settings)
    mark: Mark = kept(store, "mark", Mark)
    desk = Desk(places, store, beside.read(places.trust), by, now, settings, mark, head=audit.head(store))
    try:
        _settle(desk)
    except SmenaError as error:
        desk.trouble = error
    return desk


def _settle(desk: Desk) -> None:
    """Compare the log with the store; what a death kept from the file is written now."""
    tail = list(answerlog.lines(desk.places.log, desk.mark))
    rows = desk.store.all("SELECT hash, line FROM logged WHERE number>? ORDER BY number", desk.mark.number)
    there = {line.after.head for line in tail}
    if all(known_line(desk.store, line.content) for line in tail):
        desk.mark = tail[-1].after if tail else desk.mark
    else:
        desk.unread = tuple(tail)
    missing = [row["line"] for row in rows if row["hash"] not in there]
    if missing:
        first = answerlog.decoded(missing[0])
        if first is None or first.before != desk.tip.head:
            raise answerlog.other(desk.places.log)
        desk.written(missing)
