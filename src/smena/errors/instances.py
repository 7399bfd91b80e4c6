"""Instances, releases and sites."""

from __future__ import annotations

from smena.errors.definitions import BadContent
from smena.errors.tree import Failed, NeedsPerson, Refused


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


class MergeConflicts(NeedsPerson):
    """The administrator and the new version both changed the same keys; `why` names them."""

    code = "merge-conflicts"


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
