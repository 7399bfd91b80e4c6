"""The context that a step is given: the journal, the control and the tools, seen from that one step."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from smena import clock
from smena.errors import DiskFull
from smena.journal.journal import Journal
from smena.journal.rows import StepRow
from smena.run.control import Cancelling, Control, Stopping
from smena.run.status import Status
from smena.run.step import Tools
from smena.text import Text, _

Value = TypeVar("Value")

_NAP = 0.2


class StepContext(Generic[Tools]):
    """One step's view, while it is done or undone."""

    def __init__(
        self, journal: Journal, where: tuple[str, StepRow], tools: Tools, control: Control, *, undoing: bool
    ) -> None:
        self.run, before = where
        self.seq = before.seq
        row = journal.step(self.seq)
        self.tools = tools
        self.resumed = before.status in (Status.WAIT, Status.PARKED)
        self.attempt = row.attempts
        self.may_leave = True
        self._journal = journal
        self._control = control
        self._undoing = undoing
        self._record = row.record
        self._earlier = _earlier(row.started)
        self._since = clock.ticks()

    def record(self, value: msgspec.Struct) -> None:
        self._record = msgspec.json.encode(value)
        self._journal.record(self.seq, self._record)
        self._end_if_full()

    def recorded(self, type: type[Value]) -> Value | None:
        return None if self._record is None else msgspec.json.decode(self._record, type=type)

    def say(self, text: Text, fraction: float | None = None) -> None:
        self._journal.say(text, seq=self.seq, fraction=fraction)
        self._end_if_full()

    def pause(self, seconds: float) -> None:
        end = clock.ticks() + seconds
        while True:
            self._leave_if_asked()
            left = end - clock.ticks()
            if left <= 0:
                return
            self._control.sleep(min(left, _NAP))

    def asked(self, request: str) -> bool:
        return self._control.asked(request)

    def ago(self) -> float:
        """What this process has waited is measured without the wall clock, which may jump."""
        return self._earlier + clock.ticks() - self._since

    def _end_if_full(self) -> None:
        """The journal could be written only out of the reserve: what is left of it is for the way back."""
        if not self._undoing:
            refuse_when_full(self._journal)

    def _leave_if_asked(self) -> None:
        if not self.may_leave:
            return
        if self._control.stopping():
            raise Stopping
        if not self._undoing and self._control.asked("cancel"):
            raise Cancelling


def refuse_when_full(journal: Journal) -> None:
    """Once the reserve was needed, nothing goes forward any more."""
    if journal.store.relieved:
        raise DiskFull(
            _("there is no room left for the run's journal"), hint=_("make room on this disk, then try again")
        )


def _earlier(started: str | None) -> float:
    """What went by before this process took the step up: a reboot may lie between, so only the wall clock can tell."""
    if started is None:
        return 0.0
    return max(0.0, (clock.now() - datetime.fromisoformat(started)).total_seconds())
