"""`smena release`: packages added, listed with who uses them, and removed only when nothing needs them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smena.demo.standin import packages
from smena.errors import PackageInUse, PackageUnfit, ProductUnknown
from smena.instances.adopt import Wish
from smena.journal.journal import Journal
from smena.journal.rows import Header
from smena.plan.model import Plan
from smena.plan.model import encode as plan_bytes
from smena.service import instances, releases
from support import standinproduct

Smena = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Path:
    folder = tmp_path / "home"
    standinproduct.put_into(folder, root)
    return folder


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return packages.make(tmp_path / "in", "4.2")


def read(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def test_added_listed_and_removed(smena: Smena, home: Path, root: Path, package: Path) -> None:
    standinproduct.create(root, "main", "3.5")
    instances.add(home, Wish(name="main"))
    added = smena("release", "add", str(package))
    assert added.returncode == 0
    assert added.stdout.startswith("standin-platform 4.2: platform is at hand\n")
    again = read(smena("release", "add", str(package), "--json"))["packages"]
    assert [(one["version"], one["new"]) for one in again] == [("4.2", False)]
    listed = read(smena("release", "list", "--json"))["versions"]
    assert [(one["version"], one["instances"], len(one["packages"])) for one in listed] == [
        ("3.5", ["main"], 0),
        ("4.2", [], 1),
    ]
    assert listed[1]["packages"][0]["state"] == "there"
    table = smena("release", "list", "standin-platform", "--check").stdout.splitlines()
    assert table[0].split() == ["PRODUCT", "VERSION", "INSTANCES", "COMPONENT", "PACKAGE", "SIZE", "STATE"]
    asked = smena("release", "remove", "standin-platform", "4.2", "--json")
    assert (asked.returncode, read(asked)["error"]["code"]) == (4, "question-open")
    removed = smena("release", "remove", "standin-platform", "4.2", "--yes")
    assert (removed.returncode, removed.stdout) == (0, f"{package.name} is removed\n")
    gone = smena("release", "remove", "standin-platform", "4.2", "--yes", "--json")
    assert (gone.returncode, read(gone)["error"]["code"]) == (3, "package-unknown")


def test_trouble_has_its_own_exit_status(smena: Smena, home: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    cut = tmp_path / "4.2-release-ru-4.2.standin.tar.gz"
    cut.write_bytes(packages.make(tmp_path / "in", "4.2").read_bytes()[:500])
    for arguments, status, code in (
        (["add", str(tmp_path / "none")], 2, "file-missing"),
        (["add", str(tmp_path / "notes.txt")], 3, "package-unfit"),
        (["add", str(cut)], 3, "archive-bad"),
        (["add", str(cut), "--product", "nope"], 3, "product-unknown"),
        (["list", "nope"], 3, "product-unknown"),
        (["add"], 2, "usage"),
    ):
        done = smena("release", *arguments, "--json")
        assert (done.returncode, read(done)["error"]["code"]) == (status, code), arguments
    assert "There is no package yet" in smena("release", "list").stdout


def test_the_package_of_a_version_that_runs_stays(home: Path, root: Path, package: Path, tmp_path: Path) -> None:
    standinproduct.create(root, "main", "4.2")
    instances.add(home, Wish(name="main"))
    releases.add(home, package)
    with pytest.raises(PackageInUse) as error:
        releases.remove(home, standinproduct.NAME, "4.2")
    assert "main runs 4.2" in str(error.value.why[0])
    releases.add(home, packages.make(tmp_path / "in", "5.0"))
    (removed,) = releases.remove(home, standinproduct.NAME, "5.0.13334.0")
    assert removed.version == "5.0.13334.0"


def test_where_it_cannot_be_told_what_runs_all_packages_stay(home: Path, root: Path, package: Path) -> None:
    layout = standinproduct.create(root, "main", "3.5")
    instances.add(home, Wish(name="main"))
    releases.add(home, package)
    (layout.config / "bin").unlink()
    with pytest.raises(PackageInUse) as error:
        releases.remove(home, standinproduct.NAME, "4.2")
    assert "cannot be told which version main runs" in str(error.value.why[0])


def run_with(home: Path, package: Path, state: str) -> None:
    """A run whose plan rests on the package."""
    plan = Plan(
        kind="upgrade", product=standinproduct.NAME, instance="main", platform="linux", from_="3.5", to="4.2",
        steps=(), hashes={f"package:{package}": "0" * 64},
    )  # fmt: skip
    (home / "runs/r1").mkdir(parents=True, exist_ok=True)
    header = Header(
        id="r1", kind="upgrade", instance="main", product=standinproduct.NAME, from_version="3.5", to_version="4.2",
        plan=plan_bytes(plan), plan_hash=plan.hash, options=b"{}", smena="0", who="test", host="test",
    )  # fmt: skip
    journal = Journal.create(home / "runs/r1", header, [])
    journal.set_state(state)
    journal.close()


@pytest.mark.parametrize(("state", "stays"), [("waiting", True), ("parked", True), ("final", False), ("undone", False)])
def test_the_packages_of_a_run_that_is_not_over_stay(home: Path, package: Path, state: str, stays: bool) -> None:
    ((added, _new),) = releases.add(home, package)
    run_with(home, added.path(home), state)
    if stays:
        with pytest.raises(PackageInUse) as error:
            releases.remove(home, standinproduct.NAME, "4.2")
        assert "r1" in str(error.value.why[0])
    else:
        releases.remove(home, standinproduct.NAME, "4.2")


def test_the_product_is_told_by_the_longest_pattern_that_fits(home: Path, package: Path, tmp_path: Path) -> None:
    ((added, _new),) = releases.add(home, package)
    assert added.product == standinproduct.NAME, "Comindware's own pattern fits too, and is shorter"
    (tmp_path / "5.0-release-ru-5.0.1.debian.tar.gz").write_bytes(b"")
    (tmp_path / "whatever.bin").write_bytes(b"")
    with pytest.raises(PackageUnfit, match="which product"):
        releases.add(home, tmp_path / "whatever.bin")
    twin = standinproduct.text(tmp_path).replace("product: standin-platform", "product: twin")
    (home / "products/twin.yaml").write_text(twin, "utf-8")
    with pytest.raises(PackageUnfit) as error:
        releases.add(home, package)
    assert "standin-platform, twin" in str(error.value.why[0])


def test_versions_are_in_their_order_and_one_version_is_one_row(home: Path, root: Path, tmp_path: Path) -> None:
    standinproduct.create(root, "main", "4.2")
    instances.add(home, Wish(name="main"))
    (tmp_path / "extras-10.0.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    (tmp_path / "extras-4.2.0.zip").write_bytes(b"PK\x05\x06" + bytes(18))
    for name in ("extras-10.0.zip", "extras-4.2.0.zip"):
        releases.add(home, tmp_path / name)
    rows = releases.listed(home)
    assert [(row.version, row.instances) for row in rows] == [("4.2.0", ("main",)), ("10.0", ())]


def test_packages_of_a_product_without_definition_are_listed_and_can_be_removed(home: Path, package: Path) -> None:
    releases.add(home, package)
    (home / "products/standin-platform.yaml").unlink()
    assert [row.version for row in releases.listed(home, standinproduct.NAME)] == ["4.2"]
    releases.remove(home, standinproduct.NAME, "4.2")
    with pytest.raises(ProductUnknown):
        releases.listed(home, standinproduct.NAME)
