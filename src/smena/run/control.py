"""What may reach a run from outside: a signal to stop, and requests of people.

Requests are empty files in the run's folder, because only the run's own process
writes its journal. The engine sees them only as questions.
"""

from __future__ import annotations

from typing import Protocol


class Control(Protocol):
    """How the engine asks whether it should go on."""

    def stopping(self) -> bool:
        """The process is to end at the next safe point; the run can be resumed."""

    def asked(self, request: str) -> bool:
        """A person asked: `cancel` (go back), `finish` (end the probation)."""

    def answered(self, request: str) -> None:
        """The request was acted upon: it is not to be found a second time."""

    def sleep(self, seconds: float) -> None:
        """Let time pass, or less of it when something is asked."""


class Stopping(Exception):
    """Raised out of a waiting step at a safe point: the run is to stop."""


class Cancelling(Exception):
    """Raised out of a waiting step: a person wants the run back."""
