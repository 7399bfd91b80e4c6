"""Keys of every kind that smena can read. `--kills N` says how many deaths the death tests die."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from smena.keys.tokens import pkcs11, software, virtual
from support import softhsm
from support.deskworld import DeskWorld, Office
from support.fork_fixtures import forks, quick
from support.keykinds import Kind
from support.keyworld import PARTS, Vendor

__all__ = ["forks", "quick"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=None, help="how often the death tests of keys die (300 and more)")


@pytest.fixture
def vendor() -> Vendor:
    return Vendor(demo=True)


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path)


@pytest.fixture
def office(world: DeskWorld) -> Office:
    """A customer of that desk."""
    return Office(world)


@pytest.fixture
def hsm(quick: Path) -> softhsm.SoftHsm:
    return softhsm.made(quick / "hsm")


@pytest.fixture(scope="session")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a software key, to be copied: binding one to a computer is slow on purpose."""
    folder = tmp_path_factory.mktemp("bound")
    software.make(folder, PARTS)
    return folder


@pytest.fixture(params=["virtual", "software", "pkcs11", "pkcs11-beside"])
def kind(request: pytest.FixtureRequest, quick: Path, vendor: Vendor, bound: Path) -> Iterator[Kind]:
    folder = quick / "key"
    folder.mkdir()
    name: str = request.param
    if name == "virtual":
        virtual.make(folder)
        yield Kind(name, vendor, folder, lambda: virtual.opened(folder, vendor.trust()))
    elif name == "software":
        shutil.copytree(bound, folder, dirs_exist_ok=True)
        yield Kind(name, vendor, folder, lambda: software.opened(folder, vendor.trust(), parts=PARTS))
    else:
        hsm = softhsm.made(quick / "hsm")
        spec = msgspec.structs.replace(hsm.spec, beside=name.endswith("beside"))
        pkcs11.make(folder, spec, vendor.realm, hsm.source())
        yield Kind(name, vendor, folder, lambda: pkcs11.opened(folder, spec, vendor.trust(), hsm.source()))
