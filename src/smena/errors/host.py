"""Files, programs and locks of the host."""

from __future__ import annotations

from smena.errors.tree import Failed, Refused


class FileFailed(Failed):
    """The operating system could not do something with a file; `why` holds its words."""

    code = "file-failed"


class DiskFull(FileFailed):
    """No room left on a device (or in a quota): the engine frees its reserve and goes back."""

    code = "disk-full"


class AccessDenied(FileFailed):
    """smena may not read or change this."""

    code = "access-denied"


class FileInUse(FileFailed):
    """Another program holds a file in a way that forbids the change; `why` names it where the system knows it."""

    code = "file-in-use"


class OtherMount(FileFailed):
    """A rename cannot lead from one mount to another; it has to be a copy."""

    code = "mount-other"


class PathUnfit(Refused):
    """What lies at a path is not what it has to be, so nothing was touched."""

    code = "path-unfit"


class StillWritten(Failed):
    """Something writes to files that have to be at rest."""

    code = "still-written"


class CopyDiffers(Failed):
    """What was written, read back, is not what was copied."""

    code = "copy-differs"


class CannotCopy(Refused):
    """A tree holds something that no copy can stand for, such as a device."""

    code = "copy-unfit"


class OwnerUnknown(Refused):
    """This host has no such user or group."""

    code = "owner-unknown"


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


class NotElevated(Refused):
    """On Windows only an administrator's console, opened as one, may change the host."""

    code = "not-elevated"


class HomeOpen(Refused):
    """Others own smena's home or may write in it, so what lies there is not to be carried out."""

    code = "home-open"


class NotOnThisPlatform(Refused):
    """This smena cannot do this on this operating system."""

    code = "platform-unfit"
