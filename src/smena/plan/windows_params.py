"""Resolved steps that only Windows hosts know."""

from __future__ import annotations

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
