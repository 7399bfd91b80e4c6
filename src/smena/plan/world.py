"""What the plan's builder is told of the host: measured by others, handed in as values."""

from __future__ import annotations

import msgspec

from smena.plan.params import ServiceSpec


class SiteSpec(msgspec.Struct, frozen=True, kw_only=True):
    """The site, spelled out."""

    server: str
    url: str
    probe: str
    name: str | None = None
    file: str | None = None
    application: str | None = None
    """Where in a site that others use too; None where the whole site is the instance's."""


class PackageSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A package at hand."""

    component: str
    version: str
    file: str
    sha256: str
    size: int
    unpacked: int = 0
    """Bytes that it needs unpacked."""


class World(msgspec.Struct, frozen=True, kw_only=True):
    """One instance on one host, as measured just now."""

    instance: str
    product: str
    platform: str
    version: str
    """As measured; the path starts there."""
    family: str = ""
    edition: str | None = None
    components: tuple[str, ...] = ()
    lookups: dict[str, str] = {}
    """What templates may look up: `name`, `paths.X`, `settings.X`, `family.X`, `site.X`; secrets as `${secret:X}`."""
    paths: dict[str, str] = {}
    """Paths by their id in the definition."""
    services: tuple[ServiceSpec, ...] = ()
    site: SiteSpec | None = None
    driver: str = "supervised"
    outside: str = ""
    """The instance's own top folder."""
    sizes: dict[str, int] = {}
    """Bytes under each path, when measured."""
    mounts: dict[str, str] = {}
    """Mount point of each path."""
    free: dict[str, int] = {}
    """Free bytes of each mount."""
    facts: dict[str, str] = {}
    """Stable facts, for conditions and for the plan's record."""
    home: str = ""
    home_mount: str = "/"
