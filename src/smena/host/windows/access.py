"""Access of files and folders on Windows: read, set and proven to be set, judged, and made for few."""

from __future__ import annotations

import sys
from functools import cache

from smena.errors import AccessDenied
from smena.host.paths import encode
from smena.host.windows import descriptors
from smena.host.windows.api import handles, security
from smena.host.windows.descriptors import Descriptor
from smena.host.windows.long_paths import usual
from smena.text import _

assert sys.platform == "win32"  # tells mypy too

SECURITY = "windows.security"
"""The name under which `Attributes` hold a descriptor."""


@cache
def take_rights() -> None:
    """Once a process: an administrator's rights to read and put back everything lie idle until they are asked for."""
    security.take_rights()


@cache
def mine() -> tuple[str, str]:
    """This account, and whose its new files are."""
    return security.me(), security.owner_of_new()


def us() -> str:
    """For whom closed things are: one administrator is as good as another."""
    me, owner = mine()
    return descriptors.ADMINISTRATORS if owner == descriptors.ADMINISTRATORS else me


def closed(*, folder: bool) -> bytes:
    """For whoever runs smena, the system and the administrators."""
    return descriptors.built(descriptors.private(us(), folder=folder))


def of(handle: int, path: str) -> bytes:
    return security.descriptor(handle, path)


def at(path: str) -> Descriptor:
    """Of what lies at a path itself."""
    take_rights()
    with handles.handle(path, handles.READ_CONTROL) as found:
        return descriptors.parsed(of(found, path))


def lacking(present: Descriptor, wanted: Descriptor) -> int:
    """Which parts have to be set: owner, group, list. What is not said is not wanted."""
    owner = security.OWNER if wanted.owner and wanted.owner != present.owner else 0
    group = security.GROUP if wanted.group and wanted.group != present.group else 0
    return owner | group | (0 if descriptors.same_access(present, wanted) else security.LIST)


def rights_for(parts: int) -> int:
    """What a handle must be opened for to set these parts."""
    owner = handles.WRITE_OWNER if parts & (security.OWNER | security.GROUP) else 0
    return handles.READ_CONTROL | owner | (handles.WRITE_LIST if parts & security.LIST else 0)


def put(handle: int, parts: int, wanted: bytes, path: str) -> None:
    """Set these parts and look whether they are set: a file system that only pretends would open what was closed."""
    security.set_descriptor(handle, parts, descriptors.as_kept(wanted), path)
    if not descriptors.kept(descriptors.parsed(of(handle, path)), descriptors.parsed(wanted)):
        message = _("cannot set the access list of {path}", path=encode(usual(path)))
        raise AccessDenied(message, why=[_("the file system does not keep it")])


def put_at(path: str, wanted: bytes) -> None:
    """Make what lies at a path have this owner and list; equal ones need no rights."""
    parts = lacking(at(path), descriptors.parsed(wanted))
    if parts:
        with handles.handle(path, rights_for(parts)) as found:
            put(found, parts, wanted, path)


def others(path: str, *, write: bool) -> list[str]:
    """Accounts besides ours that may read (or write) it; its owner, who may give himself every right, among them."""
    found = at(path)
    trusted = {*mine(), descriptors.SYSTEM, descriptors.ADMINISTRATORS}
    owner = [] if found.owner in trusted else [found.owner]
    return [*owner, *descriptors.others(found, trusted, write=write)]
