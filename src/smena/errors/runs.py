"""State files and runs."""

from __future__ import annotations

from smena.errors.tree import Failed, NeedsPerson, Refused


class StoreBroken(Failed):
    """A state file cannot be read or written."""

    code = "store-broken"


class StoreTooNew(Refused):
    """A state file was written by a newer smena."""

    code = "store-too-new"


class StoreOlder(Refused):
    """An open run's journal is of an older format; a newer smena does not touch it."""

    code = "store-older"


class RunUnknown(Refused):
    """No run has this name."""

    code, http = "run-unknown", 404


class RunStateWrong(Refused):
    """The run is in a state in which this cannot be done."""

    code = "run-state"


class JournalMismatch(Refused):
    """The journal holds a step that this smena does not know as it was recorded."""

    code = "journal-mismatch"


class StepFailed(Failed):
    """A step could not do its work; the run goes back."""

    code = "step-failed"


class RestorePointGone(Failed):
    """What a run kept to be put back is no longer where it was kept."""

    code = "restore-point-gone"


class NoWayBack(NeedsPerson):
    """A point of no return is behind the run, so it cannot be taken back."""

    code = "no-way-back"
