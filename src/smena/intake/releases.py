"""Packages come into the home: copied and hashed in one pass, judged, recorded, and only then given their name.

What a death leaves is a hidden copy that the next call overwrites. The same file again is no
change; other bytes under the same name are refused, because a plan may rest on the first.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from smena import clock, faults
from smena.definition.model import Definition
from smena.definition.versions import Unreadable, same
from smena.errors import FileMissing, PackageDiffers, PackageUnknown
from smena.host import digest, files
from smena.host.digest import Digest
from smena.host.lock import Lock
from smena.host.native import attributes, durable
from smena.host.paths import encode
from smena.host.trouble import telling
from smena.intake import shelf
from smena.intake.file_names import named
from smena.intake.judging import unpacked_size
from smena.intake.naming import Said, expected, judged
from smena.intake.shelf import Package
from smena.text import Text, _, plain

_PIECE = 1 << 20
_PATIENCE = 10.0


class Added(NamedTuple):
    """A package that is there now; `new` is false where it was there before."""

    package: Package
    new: bool


def add(home: Path, definition: Definition, file: Path, said: Said | None = None) -> list[Added]:
    """Add a package, or every package of this product that lies in a folder."""
    if not file.is_dir():
        return [_add(home, definition, file, said or Said())]
    found = sorted(path for path in file.iterdir() if path.is_file() and named(definition, path.name) is not None)
    if not found:
        raise FileMissing(
            _("there is no package of {product} in {path}", product=definition.product, path=encode(file)),
            why=[expected(definition)],
        )
    return [_add(home, definition, path, said or Said()) for path in found]


def listed(home: Path, product: str | None = None) -> list[Package]:
    """Everything that was added, whether its file is still there or not (see `shelf.state`)."""
    return list(shelf.packages(home, product))


def remove(home: Path, packages: list[Package]) -> None:
    """Take packages away, file and record. Who calls has asked whether anything still needs them."""
    with _locked(home):
        for package in packages:
            shelf.forget(home, package)


def chosen(home: Path, product: str, version: str, *, component: str | None = None) -> list[Package]:
    """The packages of a version, or of one component of it; none at all is an error with what there is."""
    every = listed(home, product)
    found = [one for one in every if one.version == version and component in (None, one.component)]
    if found:
        return found
    there = sorted({one.version for one in every})
    why: Text = _("nothing of {product} was added", product=product)
    if there:
        why = _("there are packages of: {versions}", versions=", ".join(there))
    raise PackageUnknown(
        _("there is no package of {product} {version}", product=product, version=version),
        why=[why],
        hint=plain(f"smena release list {product}"),
    )


def _add(home: Path, definition: Definition, file: Path, said: Said) -> Added:
    if not file.exists():
        raise FileMissing(_("there is no file {path}", path=encode(file)))
    about = judged(definition, file, said)
    package = Package(
        product=definition.product,
        version=_as_known(home, definition, about.version or ""),
        component=about.component,
        variant=about.variant,
        file=encode(file.name),
        sha256="",
        size=0,
        source=encode(file.absolute()),
        added=clock.stamp(),
    )
    with _locked(home):
        target = package.path(home)
        files.make_folder(target.parent, attributes.own(0o755))
        try:
            if os.path.lexists(target):
                return _again(home, package, file)
            return Added(_placed(home, package, file), True)
        finally:
            shelf.tidy(home, package)


def _as_known(home: Path, definition: Definition, version: str) -> str:
    """The version as it is written already: 5.0 and 5.0.0 share a folder."""
    known = dict.fromkeys(package.version for package in shelf.packages(home, definition.product))
    return next((other for other in known if _same(other, version, definition)), version)


def _same(one: str, other: str, definition: Definition) -> bool:
    try:
        return same(one, other, definition.versions)
    except Unreadable:  # added under another scheme, long ago
        return one == other


def _again(home: Path, package: Package, file: Path) -> Added:
    """A file of this name is there: the same is no change, a damaged one is mended, another one is refused."""
    target = package.path(home)
    known = next((one for one in shelf.packages(home, package.product) if one.path(home) == target), None)
    there, given = digest.sha256(target).hex, digest.sha256(file).hex
    if known is not None and given == known.sha256:
        if there == given:
            return Added(known, False)
        files.remove_file(target)
        return Added(_placed(home, package, file), True)
    if known is None and there == given:
        found = Digest(given, target.stat().st_size)
        return Added(_noted(home, package, found, target), True)
    raise PackageDiffers(
        _("another file is there under the name {file}", file=package.file),
        why=[
            _("its hash is {there}, that of your file is {given}", there=there[:16], given=given[:16]),
            _("it lies at {path}", path=encode(target)),
        ],
        state=_("nothing was changed"),
        hint=plain(f"smena release remove {package.product} {package.version} --component {package.component}"),
    )


def _placed(home: Path, package: Package, file: Path) -> Package:
    """The copy is judged, not the file that it was made of: nobody else can change it any more."""
    target = package.path(home)
    fresh = files.temporary(target)
    try:
        found = _copied(file, fresh)
        faults.point("releases.copied")
        noted = _noted(home, package, found, fresh)
        faults.point("releases.noted")
        files.rename(fresh, target)
    finally:
        files.tidy(target)
    return noted


def _noted(home: Path, package: Package, found: Digest, copy: Path) -> Package:
    unpacked = unpacked_size(copy, package.file)
    complete = msgspec.structs.replace(package, sha256=found.hex, size=found.size, unpacked=unpacked)
    shelf.note(home, complete)
    return complete


def _copied(source: Path, fresh: Path) -> Digest:
    """One pass: read, hash, write; on the disk when it returns."""
    hasher, size = hashlib.sha256(), 0
    with telling(_("cannot copy {path}", path=encode(source))), source.open("rb", 0) as given, fresh.open("wb") as copy:
        for piece in _pieces(given):
            hasher.update(piece)
            size += copy.write(piece)
        copy.flush()
        durable.sync_file(copy.fileno())
    return Digest(hasher.hexdigest(), size)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece


def _locked(home: Path) -> Lock:
    """One at a time: two of the same name would write one copy."""
    files.make_folder(home, attributes.own(0o700))
    files.make_folder(home / shelf.FOLDER, attributes.own(0o755))
    return Lock(home / shelf.FOLDER / ".lock", "smena release").acquire(_PATIENCE)
