"""The versions of the stand-in, oldest first, and what an upgrade meets in each.

`converts` names the structures that a version brings to its own at its first start:
everything older, and everything newer, it refuses. `requires` names settings without
which it does not start, so that configuration files of another version are noticed.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from smena.errors import VersionUnknown
from smena.text import _

PRODUCT = "Comindware Platform (stand-in)"

Requires = dict[str, tuple[str, ...]]


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One version; this very object lies in its package as `data/release.json`."""

    product: str = PRODUCT
    version: str
    structure: str
    converts: tuple[str, ...] = ()
    requires: Requires
    upgrade_log: Literal["plain", "ontology"]
    """`plain`: upgrade.log; `ontology`: UpgradeOntology<date>.log and upgrade<date>.log."""
    stale_caches_refused: bool = False

    @property
    def short(self) -> str:
        """`5.0` of `5.0.13334.0`: how packages are named first."""
        return ".".join(self.version.split(".")[:2])


_REQUIRES_35: Requires = {
    "apigateway.yml": ("listen.port", "services.platform.timeout", "limits.maxRequestBodySize"),
    "adapterhost.yml": ("adapters.maxConnections",),
    "Ignite.config": ("maxSize",),
    "logs.config": ("logDirectory",),
    "Workers.config": ("Workers.Count",),
}
_REQUIRES_42: Requires = {
    **_REQUIRES_35,
    "apigateway.yml": ("listen.port", "services.platform.timeout", "limits.maxRequestBodySize", "http2.enabled"),
    "Ignite.config": ("maxSize", "walMode"),
    "Workers.config": ("Workers.Count", "Workers.Retry"),
}
_REQUIRES_47: Requires = {
    "apigateway.yml": ("listen.port", "proxy.platform.timeoutSeconds", "http2.enabled"),
    "adapterhost.yml": ("adapters.maxConnections", "tls.verify"),
    "Ignite.config": ("maxSize", "walMode"),
    "logs.config": ("logDirectory",),
}
_REQUIRES_50: Requires = {
    **_REQUIRES_47,
    "apigateway.yml": ("listen.port", "proxy.platform.timeoutSeconds", "healthChecks.enabled"),
    "adapterhost.yml": ("adapters.pool.size", "tls.verify"),
    "Ignite.config": ("maxSize", "walMode", "clusterStateOnStart"),
}


def _old(version: str, structure: str, *converts: str) -> Release:
    return Release(version=version, structure=structure, converts=converts, requires=_REQUIRES_35, upgrade_log="plain")


RELEASES = (
    _old("3.5", "35.0"),
    _old("3.5.1058", "35.1058", "35.0"),
    _old("3.5.1076", "35.1076", "35.1058"),
    _old("3.5.1100", "35.1100", "35.1076"),
    Release(version="4.2", structure="42", converts=("35.1100",), requires=_REQUIRES_42, upgrade_log="plain"),
    Release(version="4.7.2", structure="47.2", converts=("42",), requires=_REQUIRES_47, upgrade_log="ontology"),
    Release(version="4.7.3", structure="47.3", converts=("42", "47.2"), requires=_REQUIRES_47, upgrade_log="ontology"),
    Release(
        version="5.0.13334.0",
        structure="50",
        converts=("47.2", "47.3"),
        requires=_REQUIRES_50,
        upgrade_log="ontology",
        stale_caches_refused=True,
    ),
)


def release(version: str) -> Release:
    """A version by its exact name, else the newest one that begins with it (`5.0`)."""
    exact = [found for found in RELEASES if found.version == version]
    begun = [found for found in RELEASES if found.version.startswith(version + ".")]
    if not exact and not begun:
        known = ", ".join(found.version for found in RELEASES)
        raise VersionUnknown(
            _("the stand-in has no version {version}", version=version), why=[_("it has {known}", known=known)]
        )
    return (exact or begun)[-1]
