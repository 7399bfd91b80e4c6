"""Resolved steps that only Windows hosts know."""

from __future__ import annotations

import msgspec

from smena.plan.params import Params


class SitePath(Params, frozen=True, kw_only=True):
    """Point a virtual directory at a folder."""

    server: str
    directory: str
    """Its whole name: `SITE/PATH`."""
    path: str
    instead_of: str | None = None
    """What must stand there now: anything else was changed by somebody, and is left."""


class Shortcut(Params, frozen=True, kw_only=True):
    """A shortcut of Windows."""

    file: str
    target: str
    directory: str = ""


class Environment(Params, frozen=True, kw_only=True):
    """Remember the machine's environment variables that belong to the configuration."""

    names: tuple[str, ...]
    back_to: str | None = None
    """A run: they become what it had remembered."""


class KeepRegistry(Params, frozen=True, kw_only=True):
    """Keep a key of the Windows registry as it is now."""

    key: str
    slot: str
    back_to: str | None = None
    """A run: the key becomes what it had kept in its slot `of`."""
    of: str = ""
    instance: str = ""
    services: tuple[str, ...] = ()
    """What is held again then, because the kept values say that a boot starts it."""


class Application(Params, frozen=True, kw_only=True):
    """An application of IIS, `SITE/PATH`, and its pool."""

    name: str
    pool: str


class InstallPackage(Params, frozen=True, kw_only=True):
    """Run the platform's installer; its package's hash is recorded."""

    instance: str
    services: tuple[str, ...] = ()
    """What is held: an installer makes services anew, which a boot would start."""
    package: str
    sha256: str
    old: str | None = None
    """The present version's package, when undo may need it."""
    old_sha256: str = ""
    action: str = "install"
    features: tuple[str, ...] = ()
    properties: dict[str, str]
    old_features: tuple[str, ...] = ()
    old_properties: dict[str, str] = msgspec.field(default_factory=dict)
    """With what the old version is installed again; with the same where these are empty."""
    within: float = 600.0
    changes: tuple[str, ...] = ()
    application: Application | None = None
    """What of IIS it sets up, to be set back value by value."""


class PackageBack(Params, frozen=True, kw_only=True):
    """Have installed again what was before an earlier run; the packages are those of that run, each with its hash."""

    instance: str
    services: tuple[str, ...] = ()
    came: dict[str, str]
    """What that run's installer brought: code → name and version. It is taken away."""
    went: dict[str, str]
    """And what it took away. Nothing else of what is installed on the host is touched."""
    package: str
    """What is installed again where it is gone."""
    sha256: str
    old: str
    """The same for the way back of this step."""
    old_sha256: str
    features: tuple[str, ...] = ()
    properties: dict[str, str]
    within: float = 600.0
    changes: tuple[str, ...] = ()
    application: Application | None = None
    application_was: dict[str, str] = msgspec.field(default_factory=dict)
    """What of IIS it set up, as it was then."""
    application_ours: dict[str, str] = msgspec.field(default_factory=dict)
    """And as that run's installer left it: anything else was set by somebody since."""
