"""The one tree of errors. Every error that a user can meet has its class, code and exit status here.

The branch decides the exit status, the leaf the stable code. An error says what
was refused or failed (`message`), why (`why`, as many reasons as there are), what
state things are in now (`state`), and the one next command or action (`hint`).
docs/errors.md lists every code; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from smena.text import Text


class SmenaError(Exception):
    """The root: never raised itself."""

    code: ClassVar[str] = "error"
    exit: ClassVar[int] = 1
    http: ClassVar[int] = 500

    def __init__(
        self, message: Text, *, why: Sequence[Text] = (), state: Text | None = None, hint: Text | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.why = tuple(why)
        self.state = state
        self.hint = hint

    def __str__(self) -> str:
        return str(self.message)

    def as_dict(self) -> dict[str, object]:
        """The one shape for programs; the words are in the current language."""
        shown: dict[str, object] = {"code": self.code, "message": str(self.message), "why": [str(w) for w in self.why]}
        if self.state is not None:
            shown["state"] = str(self.state)
        if self.hint is not None:
            shown["hint"] = str(self.hint)
        return shown


# --- the branches: one exit status each -------------------------------------


class Failed(SmenaError):
    """It was tried, it failed, the host is as before."""

    code, exit, http = "failed", 1, 500


class WrongUsage(SmenaError):
    """The call itself is wrong."""

    code, exit, http = "usage", 2, 400


class Refused(SmenaError):
    """Refused before any change."""

    code, exit, http = "refused", 3, 409


class NeedsPerson(SmenaError):
    """A person has to decide or do something before it can go on."""

    code, exit, http = "needs-person", 4, 409


class Interrupted(SmenaError):
    """Stopped at a safe point; can be resumed."""

    code, exit, http = "interrupted", 5, 503


class Bug(SmenaError):
    """smena itself is wrong."""

    code, exit, http = "bug", 70, 500


class Abandoned(SmenaError):
    """Ctrl-C, outside a run."""

    code, exit, http = "abandoned", 130, 500


# --- failed -------------------------------------------------------------------


class OutputFailed(Failed):
    """The answer could not be written: a full disk behind a pipe, say."""

    code = "output-failed"


# --- needs a person -------------------------------------------------------------


class QuestionOpen(NeedsPerson):
    """A command has to ask something, and there is no terminal to ask on."""

    code = "question-open"


# --- wrong usage ---------------------------------------------------------------


class FileMissing(WrongUsage):
    """A file that was named does not exist."""

    code, http = "file-missing", 404


# --- refused: definitions and paths -----------------------------------------------


class BadContent(Refused):
    """A file was read, but what is in it cannot be used."""

    code = "content-bad"


class CannotEdit(BadContent):
    """A key of a file cannot be changed without changing something else in it."""

    code = "edit-impossible"


class BadResolution(BadContent):
    """A resolution file has mistakes; `why` names each with its line."""

    code = "resolution-bad"


class BadDefinition(BadContent):
    """A product definition has mistakes; `why` names each with file, line and field."""

    code = "definition-bad"


class ProductUnknown(Refused):
    """No definition has this name."""

    code, http = "product-unknown", 404


class VersionUnknown(Refused):
    """Neither a release nor a build of this name is known."""

    code, http = "version-unknown", 404


class EditionUnknown(Refused):
    """The product is not sold in this edition."""

    code, http = "edition-unknown", 404


class NoPath(Refused):
    """No chain of allowed hops leads there; `why` says where each way ends."""

    code = "path-none"


class GraphTooLarge(Refused):
    """A picture of so many hops would help nobody."""

    code = "graph-too-large"


# --- state files -------------------------------------------------------------------


class StoreBroken(Failed):
    """A state file cannot be read or written."""

    code = "store-broken"


class StoreTooNew(Refused):
    """A state file was written by a newer smena."""

    code = "store-too-new"


class StoreOlder(Refused):
    """An open run's journal is of an older format; a newer smena does not touch it."""

    code = "store-older"


# --- runs ---------------------------------------------------------------------------


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


# --- host: files ---------------------------------------------------------------------


class FileFailed(Failed):
    """The operating system could not do something with a file; `why` holds its words."""

    code = "file-failed"


class DiskFull(FileFailed):
    """No room left on a device (or in a quota): the engine frees its reserve and goes back."""

    code = "disk-full"


class AccessDenied(FileFailed):
    """smena may not read or change this."""

    code = "access-denied"


class OtherMount(FileFailed):
    """A rename cannot lead from one mount to another; it has to be a copy."""

    code = "mount-other"


class PathUnfit(Refused):
    """What lies at a path is not what it has to be, so nothing was touched."""

    code = "path-unfit"


class StillWritten(Failed):
    """Something writes to files that have to be at rest."""

    code = "still-written"


class CannotCopy(Refused):
    """A tree holds something that no copy can stand for, such as a device."""

    code = "copy-unfit"


class OwnerUnknown(Refused):
    """This host has no such user or group."""

    code = "owner-unknown"


# --- host: programs, locks, platform ------------------------------------------------------


class ProgramMissing(Failed):
    """A program that is needed is not on this host."""

    code = "program-missing"


class ProgramFailed(Failed):
    """A program ended with an exit status that means failure."""

    code = "program-failed"


class ProgramTooSlow(Failed):
    """A program did not end within its time limit and was ended."""

    code = "program-too-slow"


class LockBusy(Refused):
    """Another process holds the lock; the message names it."""

    code = "lock-busy"


class NotOnThisPlatform(Refused):
    """This smena cannot do this on this operating system."""

    code = "platform-unfit"


# --- drivers -------------------------------------------------------------------------------


class ServiceUnknown(Refused):
    """No service of this name is defined."""

    code, http = "service-unknown", 404


class ServiceUnfit(Refused):
    """A service's unit is masked, broken, or cannot be held; the message names it."""

    code = "service-unfit"


class ServiceFailed(Failed):
    """A service did not start."""

    code = "service-failed"


class ServiceWillNotStop(Failed):
    """A service was asked to stop and goes on; the message names its processes."""

    code = "service-will-not-stop"


class InstanceHeld(Refused):
    """The instance is held while a run changes it, so nobody else may start it."""

    code = "instance-held"


class BadArchive(BadContent):
    """An archive is damaged, or holds something that must not be unpacked; the member is named."""

    code = "archive-bad"


class TargetDiffers(Refused):
    """What is already there is not what the archive holds; it was left alone."""

    code = "target-differs"


# --- instances and releases -----------------------------------------------------------


class InstanceUnknown(Refused):
    """No instance of this name is registered."""

    code, http = "instance-unknown", 404


class InstanceElsewhere(Refused):
    """The instance is managed from another home."""

    code = "instance-elsewhere"


class InstanceUnfit(Refused):
    """What is said of an instance cannot be: a bad name, an unknown setting, a value that does not fit."""

    code, http = "instance-unfit", 400


class ValueUnknown(Refused):
    """A value that stands in one of the product's own files cannot be told; `why` says what was looked at."""

    code = "value-unknown"


class VersionUnmeasured(ValueUnknown):
    """It cannot be told which version an instance runs."""

    code = "version-unmeasured"


class SecretUnknown(Refused):
    """A secret of an instance was never given."""

    code = "secret-unknown"


class PackageUnfit(BadContent):
    """A file is not a package of this product, or does not say which version it is."""

    code = "package-unfit"


class PackageDiffers(Refused):
    """Another file lies under this name among the releases; neither was touched."""

    code = "package-differs"


class PackageUnknown(Refused):
    """No such package was added."""

    code, http = "package-unknown", 404


class PackageInUse(Refused):
    """An instance runs the version that this package is of."""

    code = "package-in-use"


# --- a person has to decide -----------------------------------------------------------


class MergeConflicts(NeedsPerson):
    """The administrator and the new version both changed the same keys; `why` names them."""

    code = "merge-conflicts"


# --- plans ----------------------------------------------------------------------------


class FolderTaken(Refused):
    """A folder that was to be made anew holds something else."""

    code = "folder-taken"


class ProductUnused(Refused):
    """No instance of this product is registered."""

    code, http = "product-unused", 404


class AlreadyThere(Refused):
    """The instance runs this version already."""

    code = "already-there"


class AlreadySo(Refused):
    """The instance is set so already; nothing is to be changed."""

    code = "already-so"


class ReleaseMissing(Refused):
    """Files that the upgrade needs are not at hand."""

    code = "release-missing"


class RunUnderWay(Refused):
    """Another run of this instance is not over."""

    code = "run-under-way"


class NothingToRollBack(Refused):
    """There is no restore point to go back to."""

    code = "nothing-to-roll-back"


class PlanImpossible(Refused):
    """No plan can be made of this procedure on this host."""

    code = "plan-impossible"


class PlanStale(Refused):
    """What the plan was built on has changed since."""

    code = "plan-stale"


class PlanBad(BadContent):
    """A plan file cannot be read as a plan."""

    code = "plan-bad"


class ChecksFailed(Refused):
    """Something that was asked before the upgrade says no; `why` has every finding."""

    code = "checks-failed"


# --- instances and sites -----------------------------------------------------------------


class InstanceExists(Refused):
    """There is an instance of this name already."""

    code = "instance-exists"


class SiteUnknown(Refused):
    """The web server does not serve the instance's site."""

    code, http = "site-unknown", 404


class SiteConfigBroken(Refused):
    """The web server refuses its configuration, so nothing of it is touched."""

    code = "site-config-broken"


class SiteUnreadable(BadContent):
    """A site's file cannot be taken apart safely; the line is named."""

    code = "site-unreadable"


class SiteFailed(Failed):
    """A site did not answer, or not as it should."""

    code, http = "site-failed", 502


# --- steps ------------------------------------------------------------------------------


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


# --- finding all of them --------------------------------------------------------------


def all_errors(root: type[SmenaError] = SmenaError) -> Iterator[type[SmenaError]]:
    """Every class of the tree, the root first: for the documentation and its test."""
    yield root
    for child in root.__subclasses__():
        yield from all_errors(child)
