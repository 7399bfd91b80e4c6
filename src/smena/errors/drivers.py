"""Services, archives and what drivers meet."""

from __future__ import annotations

from smena.errors.definitions import BadContent
from smena.errors.tree import Failed, NeedsPerson, Refused


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


class TaskRefused(Failed):
    """The task scheduler of Windows did not do what it was told."""

    code = "task-refused"


class InstanceHeld(Refused):
    """The instance is held while a run changes it, so nobody else may start it."""

    code = "instance-held"


class BadArchive(BadContent):
    """An archive is damaged, or holds something that must not be unpacked; the member is named."""

    code = "archive-bad"


class TargetDiffers(Refused):
    """What is already there is not what the archive holds; it was left alone."""

    code = "target-differs"


class ContractBroken(Failed):
    """A self-test found that something is not as every driver has to have it."""

    code = "contract-broken"


class IisMissing(Refused):
    """IIS is needed and not installed on this host."""

    code = "iis-missing"


class IisDenied(Refused):
    """smena may not read or change the configuration of IIS."""

    code = "iis-denied"


class IisFailed(Failed):
    """IIS did not do what it was asked; `why` holds its number and its words."""

    code = "iis-failed"


class IisLocked(Failed):
    """A section of the IIS configuration is locked, so it must not be set at this place (500.19)."""

    code = "iis-locked"


class IisChanged(NeedsPerson):
    """Somebody else changed a value of IIS that smena had set, so it was not set back."""

    code = "iis-changed"


class RegistryFailed(Failed):
    """A key of the Windows registry could not be changed; `why` holds the words of `reg`."""

    code = "registry-failed"


class InstallerFailed(Failed):
    """An installer ended without having done its work; its log is named."""

    code = "installer-failed"


class InstallerBusy(Failed):
    """Another installation goes on, and did not end in time."""

    code = "installer-busy"


class InstallerRefused(Refused):
    """The installer does not take this package, or may not: nothing was installed."""

    code = "installer-refused"
