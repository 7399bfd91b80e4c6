"""Where packages lie: `HOME/releases/<product>/<version>/<component>/<file>`, and `release.json` beside them.

The record is written before a package gets its name, and forgotten after the package is gone:
a package without a record was put there by somebody else, a record without its package is
one that has to be added again. What is recorded is never believed of the file: size and hash are measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from smena.errors import BadContent, StoreTooNew
from smena.host import digest, files
from smena.host.native import attributes
from smena.host.paths import decode, encode
from smena.host.trouble import telling
from smena.text import _

FOLDER = "releases"
RECORD = "release.json"
SCHEMA = 1

State = Literal["there", "missing", "changed"]


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a release, as it was when it was added. Paths and names are in the escaped form."""

    product: str
    version: str
    component: str
    variant: str = "any"
    """The edition or platform that it is for."""
    file: str
    """Its name."""
    sha256: str
    size: int
    unpacked: int = 0
    """Bytes that it needs unpacked; 0 for what is no archive."""
    source: str
    added: str

    def path(self, home: Path) -> Path:
        return folder(home, self.product, self.version, self.component) / decode(self.file)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """`release.json`."""

    schema: int
    packages: tuple[Package, ...] = ()


def folder(home: Path, product: str, version: str = "", component: str = "") -> Path:
    return home.joinpath(FOLDER, product, version, component)


def packages(home: Path, product: str | None = None) -> Iterator[Package]:
    """Everything that is recorded, by product, version folder and component."""
    for path in sorted((home / FOLDER).glob(f"{product or '*'}/*/*/{RECORD}")):
        yield from read(path).packages


def state(home: Path, package: Package, *, thoroughly: bool = False) -> State:
    """Whether the file is still what was added: by its size, thoroughly by its hash."""
    path = package.path(home)
    with telling(_("cannot read {path}", path=encode(path))):
        try:
            size = path.stat().st_size
        except FileNotFoundError:
            return "missing"
    if size != package.size:
        return "changed"
    return "changed" if thoroughly and digest.sha256(path).hex != package.sha256 else "there"


def note(home: Path, package: Package) -> None:
    """Record a package in the place of an earlier one of its name."""
    path = _record_of(home, package)
    files.make_folder(path.parent, attributes.own(0o755))
    others = (other for other in _recorded(path) if other.file != package.file)
    _write(path, (*others, package))


def forget(home: Path, package: Package) -> None:
    """Take the file away and then its record, and the folders that are empty then."""
    path = _record_of(home, package)
    files.remove_file(package.path(home))
    left = tuple(other for other in _recorded(path) if other.file != package.file)
    if left:
        _write(path, left)
        return
    files.remove_file(path)
    tidy(home, package)


def tidy(home: Path, package: Package) -> None:
    """Remove the package's folders upwards as long as they are empty."""
    path, top = package.path(home).parent, home / FOLDER
    with telling(_("cannot remove {path}", path=encode(path))):
        while path != top and not any(path.iterdir()):
            path.rmdir()
            path = path.parent


def read(path: Path) -> Record:
    with telling(_("cannot read {path}", path=encode(path))):
        content = path.read_bytes()
    try:
        if (schema := msgspec.json.decode(content, type=_Schema).schema) > SCHEMA:
            raise StoreTooNew(
                _("{path} was written by a newer smena", path=encode(path)),
                why=[_("its format is {found}, this smena knows {known}", found=schema, known=SCHEMA)],
                hint=_("use the newer smena again"),
            )
        return msgspec.json.decode(content, type=Record)
    except msgspec.DecodeError as error:
        raise BadContent(
            _("{path} is damaged: it is no record of packages", path=encode(path)),
            hint=_("remove {path}, then add the packages beside it again", path=encode(path)),
        ) from error


class _Schema(msgspec.Struct):
    schema: int


def _record_of(home: Path, package: Package) -> Path:
    return folder(home, package.product, package.version, package.component) / RECORD


def _recorded(path: Path) -> tuple[Package, ...]:
    return read(path).packages if path.exists() else ()


def _write(path: Path, held: tuple[Package, ...]) -> None:
    record = Record(schema=SCHEMA, packages=tuple(sorted(held, key=lambda one: one.file)))
    files.write_file(path, msgspec.json.format(msgspec.json.encode(record), indent=2) + b"\n", attributes.own(0o644))
