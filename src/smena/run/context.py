"""The context that a step is given: the journal, the control and the tools, seen from that one step."""

from __future__ import annotations

from datetime import datetime
from typing import Generic, TypeVar

import msgspec

from smena import clock
from smena.journal.journal import Journal
from smena.run.control import Cancelling, Control, Stopping
from smena.run.step import Tools
from smena.text import Text

Value = TypeVar("Value")

_NAP = 0.2


class StepContext(Generic[Tools]):
    """One step's view, while it is done or undone."""

    def __init__(self, journal: Journal, seq: int, tools: Tools, control: Control, *, undoing: bool) -> None:
        row = journal.step(seq)
        self.tools = tools
        self.run = journal.run().id
        self.seq = seq
        self.attempt = row.attempts
        self.may_leave = True
        self._journal = journal
        self._control = control
        self._undoing = undoing
        self._record = row.record
        self._started = row.started

    def record(self, value: msgspec.Struct) -> None:
        self._record = msgspec.json.encode(value)
        self._journal.record(self.seq, self._record)

    def recorded(self, type: type[Value]) -> Value | None:
        return None if self._record is None else msgspec.json.decode(self._record, type=type)

    def say(self, text: Text, fraction: float | None = None) -> None:
        self._journal.say(text, seq=self.seq, fraction=fraction)

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
        """By the wall clock, since a reboot may lie between; never negative when the clock jumps back."""
        if self._started is None:
            return 0.0
        return max(0.0, (clock.now() - datetime.fromisoformat(self._started)).total_seconds())

    def _leave_if_asked(self) -> None:
        if not self.may_leave:
            return
        if self._control.stopping():
            raise Stopping
        if not self._undoing and self._control.asked("cancel"):
            raise Cancelling
