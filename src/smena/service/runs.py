"""Runs as people see them: what became of them, measured now, and what can be asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from smena import clock
from smena.errors import RunStateWrong, SmenaError
from smena.host import files, lock
from smena.host.native import processes, spawning
from smena.journal.journal import FILE, Journal
from smena.journal.rows import EventRow, RunRow, StepRow, unpack
from smena.run.status import ENDED, MOVING, State
from smena.service import launching, places
from smena.text import Text, _, plain

_LOOK = 0.1
_PATIENCE = 10.0
"""Seconds until a run that nobody carries any more is called interrupted."""
_COMING = 60.0
"""The same where nobody has carried it yet: a unit or a task begins when a busy host finds time for it."""


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """A run at one moment."""

    run: RunRow
    steps: tuple[StepRow, ...]
    events: tuple[EventRow, ...] = ()
    carried: bool
    """Whether a process carries it now: measured, not remembered."""
    trouble: Text | None = None
    """Why the process that should carry it could not even begin."""

    @property
    def state(self) -> str:
        """The journal's state; `interrupted` where a moving run is carried by nobody."""
        moving = State(self.run.state) in MOVING or self.run.state == State.NEW
        return "interrupted" if moving and not self.carried else self.run.state

    @property
    def ended(self) -> bool:
        return State(self.run.state) in ENDED


def view(home: Path, run: str, *, after: int = 0) -> RunView:
    """One run with its steps, and the events after the given one."""
    journal = Journal.read(places.run_folder(home, run))
    try:
        row = journal.run()
        steps, events = tuple(journal.steps()), tuple(journal.events(after))
    finally:
        journal.close()
    return RunView(run=row, steps=steps, events=events, carried=_carried(home, row), trouble=_trouble(home, run))


def listed(home: Path, instance: str | None = None) -> list[RunView]:
    """All runs, the newest first; for deciding: what cannot be read is an error."""
    return _of([view(home, name) for name in _names(home)], instance)


class Listing(NamedTuple):
    """All that can be read, and why the rest cannot."""

    views: list[RunView]
    troubles: list[Text]


def readable(home: Path, instance: str | None = None) -> Listing:
    """For looking: a run of a newer smena hides only itself."""
    found = Listing([], [])
    for name in _names(home):
        try:
            found.views.append(view(home, name))
        except SmenaError as error:
            found.troubles.append(error.message)
    return Listing(_of(found.views, instance), found.troubles)


def _names(home: Path) -> list[str]:
    return [folder.name for folder in places.runs(home).glob("*/") if (folder / FILE).exists()]


def _of(views: list[RunView], instance: str | None) -> list[RunView]:
    chosen = [one for one in views if instance in (None, one.run.instance)]
    return sorted(chosen, key=lambda one: (one.run.created, one.run.id), reverse=True)


def newest(home: Path) -> RunView | None:
    return next(iter(readable(home).views), None)


def watch(home: Path, run: str) -> Iterator[RunView]:
    """The run as it goes, with new events only, until it rests: ended, or waiting for somebody."""
    seen, came = 0, (places.run_folder(home, run) / places.NOTE).exists()
    quiet_since = clock.ticks()
    while True:
        now = view(home, run, after=seen)
        seen = max([seen, *(event.id for event in now.events)])
        yield now
        if now.state != "interrupted":
            quiet_since, came = clock.ticks(), True
        told = now.state == "interrupted" and now.trouble is not None
        quiet = told or clock.ticks() - quiet_since > (_PATIENCE if came else _COMING)
        if now.ended or (now.run.state in (State.WAITING, State.PARKED) and not now.carried) or quiet:
            return
        clock.sleep(_LOOK)


def cancel(home: Path, run: str) -> None:
    """Ask the run to go back; a run that nobody carries is carried back."""
    now = view(home, run)
    if now.ended:
        raise RunStateWrong(
            _("run {run} is over", run=run),
            state=_("its state: {state}", state=state_words(now.run.state)),
            hint=plain(f"smena rollback {now.run.instance}") if now.run.state == State.FINAL else None,
        )
    _request(home, run, "cancel")
    if not now.carried:
        launching.start(home, run, resume=True)


def finish(home: Path, run: str) -> None:
    """End the probation now."""
    now = view(home, run)
    if now.run.state != State.OPEN:
        raise RunStateWrong(
            _("run {run} is not in its probation", run=run), state=_("its state: {state}", state=state_words(now.state))
        )
    _request(home, run, "finish")
    if not now.carried:
        launching.start(home, run)


def resume(home: Path, run: str) -> None:
    """A person says: go on."""
    now = view(home, run)
    if now.carried and State(now.run.state) in MOVING:
        return  # it goes on already: perhaps because this very call took it up
    if now.ended or now.carried:
        raise RunStateWrong(
            _("run {run} needs nobody to resume it", run=run),
            state=_("its state: {state}", state=state_words(now.state)),
            hint=plain(f"smena run show {run}"),
        )
    launching.start(home, run, resume=True)


def kinds_without_undo() -> frozenset[str]:
    """Kinds of step that change nothing: on the way back there is nothing to say of them."""
    from smena.run.step import NoUndo
    from smena.steps.all import TABLE

    return frozenset(name for name, kind in TABLE.kinds.items() if isinstance(kind.undo, NoUndo))


def state_words(state: str) -> Text:
    """A run's state, for people."""
    words = {
        "new": _("about to begin"),
        "doing": _("under way"),
        "open": _("users are in, probation"),
        "waiting": _("waits for a person"),
        "undoing": _("going back"),
        "parked": _("parked: a person has to look"),
        "final": _("done"),
        "undone": _("taken back: everything is as before"),
        "interrupted": _("interrupted: will be taken up"),
    }
    return words.get(state, plain(state))


def _carried(home: Path, row: RunRow) -> bool:
    """By the process that was started for it last, while that lives; else by whoever holds the instance's lock."""
    who = spawning.read_note(places.run_folder(home, row.id) / places.NOTE)
    if who is not None and processes.alive(who):
        return True
    return lock.busy(places.lock(home, row.instance)) is not None


def _trouble(home: Path, run: str) -> Text | None:
    place = places.run_folder(home, run) / places.TROUBLE
    return unpack(place.read_bytes()) if place.exists() else None


def _request(home: Path, run: str, name: str) -> None:
    files.write_file(places.run_folder(home, run) / places.REQUESTS / name, b"")
