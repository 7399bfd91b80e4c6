"""Resolved steps of an instance's life: how it comes to be, changes its places, and goes.

An instance stands here as the registry writes it down; what it is, only `instances` knows.
"""

from __future__ import annotations

from smena.plan.params import Params

Described = dict[str, object]


class Secrets(Params, frozen=True, kw_only=True):
    """Secrets of an instance that is not there yet; they are forgotten when it does not come to be."""

    instance: str
    names: tuple[str, ...]


class Register(Params, frozen=True, kw_only=True):
    """Write an instance into the registry, and mark its top folder as this home's."""

    instance: Described
    top: str


class Describe(Params, frozen=True, kw_only=True):
    """Write down something else about a registered instance."""

    instance: Described


class Forget(Params, frozen=True, kw_only=True):
    """Take an instance out of the registry, with its marker and its secrets."""

    instance: Described
    top: str


class MakeFolder(Params, frozen=True, kw_only=True):
    """Make folders: the instance's own, and those that it shares with others."""

    paths: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


class CarryOver(Params, frozen=True, kw_only=True):
    """Copy a tree, or files of a folder, to their new place; the old ones stay."""

    source: str
    target: str
    include: tuple[str, ...] = ()
    """Names of files; without any it is the whole tree."""
    exclude: tuple[str, ...] = ()
    missing_ok: bool = False
    slot: str = ""
    """The name of a tree's copy before it comes to its place; the first copy has the same."""


class SetAside(Params, frozen=True, kw_only=True):
    """A file as it is before an installer comes, in the run's folder."""

    file: str
    staged: str


class CarryValues(Params, frozen=True, kw_only=True):
    """Put single values of a file that was set aside into the new version's own."""

    file: str
    staged: str
    format: str
    encoding: str | None = None
    keys: tuple[str, ...]


class MakeServices(Params, frozen=True, kw_only=True):
    """Write an instance's units from templates of its version, with the links by which a boot starts them."""

    instance: str
    files: dict[str, str]
    """Unit → template."""
    values: dict[str, str]


class RemoveServices(Params, frozen=True, kw_only=True):
    """Take an instance's units away, with the administrator's drop-ins."""

    instance: str
    units: tuple[str, ...]


class MakeSite(Params, frozen=True, kw_only=True):
    """Lay an instance's site where the web server reads it."""

    instance: str
    server: str
    file: str
    site: str | None = None
    template: str
    values: dict[str, str]


class RemoveSite(Params, frozen=True, kw_only=True):
    """Take an instance's site away from the web server."""

    instance: str
    server: str
    site: str | None = None
    file: str | None = None


class Carry(Params, frozen=True, kw_only=True):
    """Copy a tree to a free name, prove the copy by hash, and move the old tree into the restore point."""

    source: str
    target: str
