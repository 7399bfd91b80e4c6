"""Putting back what an earlier run's restore point holds, as part of a new run with an undo of its own.

The two states change places, path by path: what lies there now moves into the new run's restore
point, what the old run kept moves to where it was. So the newer data is kept, going forward again is
possible, and every step of it is a rename that can be repeated. What was found before anything moved is
recorded with each entry, because in the middle it can no longer be told.
"""

from __future__ import annotations

from pathlib import Path, PurePath

import msgspec

from smena import faults
from smena.errors import RestorePointGone
from smena.host import files, listing, owners
from smena.host.paths import decode, encode
from smena.journal.journal import Journal
from smena.journal.rows import KeptRow
from smena.restore.entries import CLEARED, COPY, EXCHANGE, KEPT, LINK, OWNERS, PUT_BACK, REGISTERED, Link, Source
from smena.restore.mounted import clear_into, fill_from, is_mount
from smena.restore.point import RestorePoint, make_parent
from smena.restore.touched import touched
from smena.text import _

NOTHING = "nothing"


def entries_to_exchange(old: Journal) -> list[KeptRow]:
    """What the old run kept and has changed, the last first; of several entries of one path only the oldest counts."""
    kept = [entry for entry in old.kept() if entry.state == KEPT]
    untouched = {entry.seq for entry in kept if entry.how == COPY and not touched(old, entry)}
    oldest: dict[tuple[str, bool], KeptRow] = {}
    for entry in kept:
        if entry.seq not in untouched:
            oldest.setdefault((entry.path, _how(entry) == OWNERS), entry)
    return sorted(oldest.values(), key=lambda entry: entry.id, reverse=True)


class Exchange:
    """One step's exchange of states."""

    def __init__(self, point: RestorePoint, seq: int) -> None:
        self.point = point
        self.journal = point.journal
        self.seq = seq

    def carry(self, old: Journal) -> int:
        """All entries of the old run; the number of them."""
        entries = entries_to_exchange(old)
        copies = [entry for entry in entries if entry.how == COPY]
        known = {_source(mine).entry: mine for mine in self.journal.kept(self.seq)}
        for entry in entries:
            if entry.id not in known:
                _refuse_if_gone(entry)  # all of them before anything moves
        for entry in entries:
            mine = known.get(entry.id) or self._register(entry, within=_within(entry, copies))
            if mine.state != KEPT:
                self._exchange(mine)
                faults.point("exchange.done")
                self.journal.mark(mine.id, KEPT)
        return len(entries)

    def undo(self) -> None:
        """Back again, the last first."""
        for entry in reversed(self.journal.kept(self.seq)):
            if entry.state != PUT_BACK:
                self._back(entry)
                faults.point("exchange.undone")
                self.journal.mark(entry.id, PUT_BACK)

    def _register(self, old: KeptRow, *, within: bool) -> KeptRow:
        path = Path(decode(old.path))
        found = _found(old, path, within=within)
        return self.point.register(self.seq, path, EXCHANGE, msgspec.json.encode(found))

    def _aside(self, entry: KeptRow, source: Source) -> Path:
        """Where the newer state lies, or is to lie: beside the path, or in the run's folder if it is a list."""
        if source.how == OWNERS and entry.content is None:
            record = self.journal.store.path.with_name(f"owners-{entry.id}.list")
            self.journal.lay(entry.id, encode(record))
            return record
        return self.point.content(entry, Path(decode(entry.path)))

    # -- there ---------------------------------------------------------------------

    def _exchange(self, entry: KeptRow) -> None:
        path, source = Path(decode(entry.path)), _source(entry)
        if source.how == NOTHING:
            return
        aside = self._aside(entry, source)
        if source.how == OWNERS:
            _exchange_owners(source, aside)
        elif source.mount:
            self._exchange_entries(entry, aside, source)
        elif source.link is not None:
            if source.there:
                _move(path, aside)
            faults.point("exchange.moved")
            source.link.make(path)
        elif source.content is None:
            _move(path, aside)
        elif _is_there(source.content):  # else it has come to its place already
            if source.there:
                _move(path, aside)
            faults.point("exchange.moved")
            make_parent(path)
            files.rename(Path(decode(source.content)), path)

    def _exchange_entries(self, entry: KeptRow, aside: Path, source: Source) -> None:
        path = Path(decode(entry.path))
        if entry.state == REGISTERED:
            clear_into(path, aside)
            self.journal.mark(entry.id, CLEARED)
        if source.content is not None:
            fill_from(Path(decode(source.content)), path)

    # -- and back --------------------------------------------------------------------

    def _back(self, entry: KeptRow) -> None:
        path, source = Path(decode(entry.path)), _source(entry)
        if entry.content is None:
            self.point.tidy(path)
            return  # it had not begun
        aside = Path(decode(entry.content))
        if source.how == OWNERS:
            if aside.exists():
                owners.give_back(listing.read(aside, owners.Owned))
            return
        if source.mount:
            self._entries_back(entry, aside, source)
            return
        self._take_away(path, aside, source)
        faults.point("exchange.taken")
        if files.there(aside):
            make_parent(path)
            files.rename(aside, path)

    def _take_away(self, path: Path, aside: Path, source: Source) -> None:
        """What came from the old run goes back to it, if it has come and has not gone already."""
        if source.content is not None:
            if not _is_there(source.content):
                _move(path, Path(decode(source.content)))
        elif files.there(aside) or (not source.there and source.link is not None and source.link.is_at(path)):
            _move(path, aside.with_name(f"{aside.name}-back"))

    def _entries_back(self, entry: KeptRow, aside: Path, source: Source) -> None:
        path = Path(decode(entry.path))
        if entry.state in (CLEARED, KEPT):
            clear_into(path, Path(decode(source.content or encode(aside.with_name(f"{aside.name}-back")))))
            self.journal.mark(entry.id, REGISTERED)
        if aside.exists():
            fill_from(aside, path)


def _found(old: KeptRow, path: Path, *, within: bool) -> Source:
    """What there is to do, read off the disk before anything moves.

    `within`: an older entry brings back a whole tree around this one. Where the folder that held it is gone, that does.
    """
    how = _how(old)
    link = msgspec.json.decode(old.detail or b"", type=Link) if old.how == LINK else None
    gone = within and not path.parent.is_dir()
    if gone or how == NOTHING or (link is not None and link.is_wholly_at(path)):
        return Source(old.id, NOTHING)
    content = old.content if _is_there(old.content) else None
    return Source(old.id, how, content, link, there=files.there(path), mount=how != OWNERS and is_mount(path))


def _refuse_if_gone(old: KeptRow) -> None:
    """Moving away what lies there now, with nothing to come in its place, would leave neither old nor new."""
    nothing = old.content is None or (old.how == EXCHANGE and not _source(old).there)
    if not nothing and _how(old) != NOTHING and not _is_there(old.content):
        raise RestorePointGone(
            _("what was kept of {path} is no longer there", path=old.path),
            why=[_("it lay at {content}", content=old.content)],
            state=_("nothing was put back"),
        )


def _how(entry: KeptRow) -> str:
    """How an entry was kept; of one that changed places, how that was kept which it changed places with."""
    return _source(entry).how if entry.how == EXCHANGE else entry.how


def _within(entry: KeptRow, copies: list[KeptRow]) -> bool:
    path = PurePath(decode(entry.path))
    return any(copy.id < entry.id and path.is_relative_to(decode(copy.path)) for copy in copies)


def _source(entry: KeptRow) -> Source:
    return msgspec.json.decode(entry.detail or b"", type=Source)


def _is_there(content: str | None) -> bool:
    return content is not None and files.there(Path(decode(content)))


def _move(old: Path, new: Path) -> None:
    """A rename that a repetition finds done."""
    if files.there(old) and not files.there(new):
        files.rename(old, new)


def _exchange_owners(source: Source, aside: Path) -> None:
    """Everything back to whom it belonged; to whom it belongs now is listed first."""
    old = Path(decode(source.content or ""))
    if not aside.exists():
        with listing.written(aside) as write:
            for owned in listing.read(old, owners.Owned):
                path = Path(decode(owned.path))
                if files.there(path):
                    write(owners.present(path))
    owners.give_back(listing.read(old, owners.Owned))
