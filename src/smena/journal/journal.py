"""A run's journal: made once, written by the run, read by anyone.

Every method that changes something is one commit, unless the caller joins several
with `change()`. Readers use `read()`, which never takes a lock that the run waits for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, closing
from pathlib import Path

from smena import clock, faults
from smena.errors import DiskFull, RunUnknown
from smena.host import files, reserve
from smena.journal.rows import (
    EventRow,
    Header,
    KeptRow,
    NewStep,
    RunRow,
    StepRow,
    event_row,
    kept_row,
    pack,
    run_row,
    step_row,
)
from smena.journal.schema import MIGRATIONS
from smena.store import Store, open_store
from smena.text import Text, _

FILE = "journal.sqlite"
NEW = "new.sqlite"


class Journal:
    """One run's record."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- opening ------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, header: Header, steps: Iterable[NewStep]) -> Journal:
        """A new run in `new`: nothing has been touched. The file has its name only once the whole run stands in it."""
        fresh = folder / NEW
        journal = cls(open_store(fresh, MIGRATIONS))
        with closing(journal):
            with journal.change():
                journal._insert_run(header)
                for seq, step in enumerate(steps, start=1):
                    journal._insert_step(seq, step)
            journal.store.seal()
        faults.point("journal.written")
        files.rename(fresh, folder / FILE)
        return cls.open(folder)

    @classmethod
    def open(cls, folder: Path) -> Journal:
        """For the run's own process. Where the disk is full, the reserve beside the journal is given up for it."""
        try:
            return cls._existing(folder, read_only=False)
        except DiskFull:
            if not reserve.held(folder):
                raise
            reserve.free(folder)
        journal = cls._existing(folder, read_only=False)
        journal.store.relieved = True
        return journal

    @classmethod
    def read(cls, folder: Path) -> Journal:
        """For everybody else."""
        return cls._existing(folder, read_only=True)

    @classmethod
    def _existing(cls, folder: Path, *, read_only: bool) -> Journal:
        path = folder / FILE
        if not path.exists():
            raise RunUnknown(_("there is no run {run}", run=folder.name), hint=_("smena run list"))
        return cls(open_store(path, MIGRATIONS, read_only=read_only, migrate=False))

    def close(self) -> None:
        self.store.close()

    def change(self) -> AbstractContextManager[None]:
        return self.store.change()

    # -- the run -------------------------------------------------------------

    def run(self) -> RunRow:
        row = self.store.one("SELECT * FROM run")
        if row is None:
            raise RunUnknown(_("the journal {path} holds no run", path=self.store.path))
        return run_row(row)

    def set_state(self, state: str, why: Text | None = None, *, ended: bool = False) -> None:
        now = clock.stamp()
        self.store.write(
            "UPDATE run SET state=?, why=?, started=coalesce(started, ?), finished=?",
            *(state, pack(why), now, now if ended else None),
        )

    def recoveries(self) -> int:
        row = self.store.one("SELECT recoveries FROM run")
        return 0 if row is None else int(row[0])

    def state(self) -> str:
        row = self.store.one("SELECT state FROM run")
        return "" if row is None else str(row[0])

    def set_recoveries(self, count: int) -> None:
        self.store.write("UPDATE run SET recoveries=?", count)

    # -- steps ------------------------------------------------------------------

    def steps(self) -> list[StepRow]:
        return [step_row(row) for row in self.store.all("SELECT * FROM step ORDER BY seq")]

    def step(self, seq: int) -> StepRow:
        row = self.store.one("SELECT * FROM step WHERE seq=?", seq)
        if row is None:
            raise RunUnknown(_("the run has no step {seq}", seq=seq))
        return step_row(row)

    def begin(self, seq: int, status: str) -> None:
        """The intention, before the act; attempts count how often it was begun to be done."""
        again = 1 if status == "doing" else 0
        self.store.write(
            "UPDATE step SET status=?, attempts=attempts+?, started=coalesce(started, ?) WHERE seq=?",
            *(status, again, clock.stamp(), seq),
        )

    def settle(self, seq: int, status: str, why: Text | None = None, seconds: float | None = None) -> None:
        """What became of it."""
        now = clock.stamp()
        finished = now if status in ("done", "failed") else None
        undone = now if status == "undone" else None
        self.store.write(
            "UPDATE step SET status=?, why=coalesce(?, why), finished=coalesce(?, finished),"
            " undone=coalesce(?, undone), seconds=coalesce(?, seconds) WHERE seq=?",
            *(status, pack(why), finished, undone, seconds, seq),
        )

    def record(self, seq: int, data: bytes) -> None:
        self.store.write("UPDATE step SET record=? WHERE seq=?", data, seq)

    # -- events and facts ----------------------------------------------------------

    def say(self, text: Text, *, seq: int | None = None, level: str = "info", fraction: float | None = None) -> None:
        self.store.write(
            "INSERT INTO event (at, seq, level, text, fraction) VALUES (?,?,?,?,?)",
            *(clock.stamp(), seq, level, pack(text), fraction),
        )

    def events(self, after: int = 0) -> list[EventRow]:
        return [event_row(row) for row in self.store.all("SELECT * FROM event WHERE id>? ORDER BY id", after)]

    def note_facts(self, moment: str, facts: Mapping[str, bytes]) -> None:
        """Facts as they were at a moment (`before`, `after`), for the report."""
        with self.change():
            for name, value in facts.items():
                self.store.write("INSERT OR REPLACE INTO fact VALUES (?,?,?)", name, moment, value)

    def facts(self, moment: str) -> dict[str, bytes]:
        rows = self.store.all("SELECT name, value FROM fact WHERE moment=? ORDER BY name", moment)
        return {row["name"]: row["value"] for row in rows}

    # -- what is kept -----------------------------------------------------------------

    def register(self, seq: int, path: str, how: str, detail: bytes | None = None) -> int:
        """Before anything at `path` is touched: that it will be kept, and how."""
        return self.store.write(
            "INSERT INTO kept (seq, path, how, detail, state, at) VALUES (?,?,?,?,?,?)",
            *(seq, path, how, detail, "registered", clock.stamp()),
        )

    def lay(self, kept: int, content: str) -> None:
        """Where the content of an entry will lie: looking for the place touches the folder, so it comes after."""
        self.store.write("UPDATE kept SET content=? WHERE id=?", content, kept)

    def mark(self, kept: int, state: str, detail: bytes | None = None) -> None:
        self.store.write("UPDATE kept SET state=?, detail=coalesce(?, detail) WHERE id=?", state, detail, kept)

    def kept_entry(self, number: int) -> KeptRow:
        row = self.store.one("SELECT * FROM kept WHERE id=?", number)
        if row is None:
            raise RunUnknown(_("the run has kept nothing of number {number}", number=number))
        return kept_row(row)

    def kept_at(self, seq: int, path: str) -> KeptRow | None:
        """What a step has kept of one path."""
        row = self.store.one("SELECT * FROM kept WHERE seq=? AND path=? ORDER BY id LIMIT 1", seq, path)
        return None if row is None else kept_row(row)

    def kept(self, seq: int | None = None) -> list[KeptRow]:
        if seq is None:
            rows = self.store.all("SELECT * FROM kept ORDER BY id")
        else:
            rows = self.store.all("SELECT * FROM kept WHERE seq=? ORDER BY id", seq)
        return [kept_row(row) for row in rows]

    # -- making -------------------------------------------------------------------------

    def _insert_run(self, header: Header) -> None:
        self.store.write(
            "INSERT INTO run (id, kind, instance, product, from_version, to_version, plan, plan_hash, options,"
            " smena, who, host, state, created) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,'new',?)",
            *(header.id, header.kind, header.instance, header.product, header.from_version, header.to_version),
            *(header.plan, header.plan_hash, header.options, header.smena, header.who, header.host, clock.stamp()),
        )

    def _insert_step(self, seq: int, step: NewStep) -> None:
        self.store.write(
            "INSERT INTO step (seq, kind, version, params, hop, phase, title, no_return, status)"
            " VALUES (?,?,?,?,?,?,?,?,'do')",
            *(seq, step.kind, step.version, step.params, step.hop, step.phase),
            *(pack(step.title), pack(step.no_return)),
        )
