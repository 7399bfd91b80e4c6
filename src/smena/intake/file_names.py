"""What a package's file name says: which component it is of, for which edition or platform, and which version.

The patterns stand in the definition. `{version}` is read as the product's own scheme writes
versions, so that `5.0-release-5.0.13334.0.debian.tar.gz` does not end up as version `5.0.13334.0.debian`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from smena.definition.model import Definition, Scheme
from smena.definition.versions import Unreadable, key

_DOTTED = r"[0-9]+(?:\.[0-9]+)*"
_OTHER = r"[0-9A-Za-z][0-9A-Za-z.!+_-]*"


class Named(NamedTuple):
    """What a file name says. `variant` is an edition, a platform, or `any`; `version` is None where it names none."""

    component: str
    variant: str
    version: str | None
    length: int = 0
    """Of the pattern: of several that fit, the longest counts."""


def named(definition: Definition, file_name: str) -> Named | None:
    """The longest pattern that fits counts; None where none does."""
    found: list[Named] = []
    for component, about in definition.components.items():
        for variant, pattern in about.files.items():
            version = _version(pattern, file_name, definition.versions)
            if version is not None:
                found.append(Named(component, variant, version or None, len(pattern)))
    return max(found, key=lambda one: one.length, default=None)


def _version(pattern: str, file_name: str, scheme: Scheme) -> str | None:
    """The version in the name, empty where the pattern has none; None where the pattern does not fit."""
    fits = _expression(pattern, scheme).fullmatch(file_name)
    if fits is None:
        return None
    version: str = fits.groupdict().get("version") or ""
    return version if not version or _readable(version, scheme) else None


def _readable(version: str, scheme: Scheme) -> bool:
    try:
        key(version, scheme)
    except Unreadable:
        return False
    return True


@lru_cache(maxsize=256)
def _expression(pattern: str, scheme: Scheme) -> re.Pattern[str]:
    """Windows asks for no case, and neither do people who copy a file's name."""
    version = f"(?P<version>{_DOTTED if scheme == 'dotted' else _OTHER})"
    parts = re.split(r"(\*|\{version\})", pattern)
    written, said = [], False
    for part in parts:
        if part == "{version}":
            written.append("(?P=version)" if said else version)
            said = True
        else:
            written.append(".*?" if part == "*" else re.escape(part))
    return re.compile("".join(written), re.IGNORECASE | re.DOTALL)
