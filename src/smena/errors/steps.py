"""What a step meets while it acts."""

from __future__ import annotations

from smena.errors.runs import StepFailed
from smena.errors.tree import Refused


class PackageWrong(Refused):
    """A package is not the one that was added."""

    code = "package-wrong"


class WaitedTooLong(StepFailed):
    """Something did not happen within its time."""

    code = "waited-too-long"


class LogSaysError(StepFailed):
    """A log of the product says that something went wrong."""

    code = "log-error"


class ServiceGone(StepFailed):
    """A service ended by itself while it was needed."""

    code = "service-gone"


class VendorFailed(StepFailed):
    """A vendor's program ended with an error."""

    code = "vendor-failed"
