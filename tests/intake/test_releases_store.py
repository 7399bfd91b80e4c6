"""Packages in the home: judged before they come in, whole or not there, never mixed up, never quietly changed."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest

from smena.definition.load import load
from smena.definition.model import Definition
from smena.demo.standin import packages
from smena.errors import (
    BadArchive,
    BadContent,
    DiskFull,
    FileMissing,
    LockBusy,
    PackageDiffers,
    PackageUnfit,
    PackageUnknown,
    StoreTooNew,
)
from smena.host import digest
from smena.host.lock import Lock
from smena.intake import hand, releases, shelf
from smena.intake.naming import Said
from support import disks, standinproduct
from support.death import die, perform, points


class For(NamedTuple):
    """An instance, as far as packages go."""

    edition: str | None = None
    platform: str = "linux"
    components: tuple[str, ...] = ()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return standinproduct.definition(tmp_path / "root")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return packages.make(tmp_path / "in", "4.2")


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_package_is_copied_hashed_and_recorded(home: Path, definition: Definition, package: Path) -> None:
    ((added, new),) = releases.add(home, definition, package)
    place = home / "releases/standin-platform/4.2/platform"
    assert new
    assert added.path(home) == place / package.name
    assert added.path(home).read_bytes() == package.read_bytes()
    assert (added.version, added.component, added.variant) == ("4.2", "platform", "any")
    assert (added.sha256, added.size) == digest.sha256(package)
    with tarfile.open(package) as archive:
        assert added.unpacked == sum(member.size for member in archive)
    assert added.source == str(package)
    record = json.loads((place / "release.json").read_bytes())
    assert record["packages"][0]["sha256"] == added.sha256
    assert releases.listed(home) == [added]
    assert sorted(os.listdir(place)) == [package.name, "release.json"]  # noqa: PTH208


def test_the_same_file_again_is_no_change(home: Path, definition: Definition, package: Path) -> None:
    releases.add(home, definition, package)
    before = tree(home / "releases/standin-platform")
    ((_again, new),) = releases.add(home, definition, package)
    assert not new
    assert tree(home / "releases/standin-platform") == before
    ((_itself, new),) = releases.add(home, definition, home / "releases/standin-platform/4.2/platform" / package.name)
    assert not new


def test_other_bytes_under_the_same_name_are_refused(
    home: Path, definition: Definition, package: Path, tmp_path: Path
) -> None:
    releases.add(home, definition, package)
    before = tree(home)
    other = tmp_path / "other" / package.name
    other.parent.mkdir()
    packages.make(tmp_path / "other", "4.7.2").rename(other)
    with pytest.raises(PackageDiffers, match=r"4\.2-release"):
        releases.add(home, definition, other)
    assert tree(home) == before


def test_a_damaged_copy_is_told_and_mended_by_adding_it_again(
    home: Path, definition: Definition, package: Path
) -> None:
    ((added, _new),) = releases.add(home, definition, package)
    place = added.path(home)
    place.write_bytes(place.read_bytes()[:-1] + b"x")
    assert shelf.state(home, added) == "there"
    assert shelf.state(home, added, thoroughly=True) == "changed"
    place.write_bytes(b"short")
    assert shelf.state(home, added) == "changed"
    found = hand.at_hand(home, definition, "4.2", For())
    assert "is not what was added any more" in str(found.missing[0])
    assert releases.add(home, definition, package)[0].new
    assert shelf.state(home, added, thoroughly=True) == "there"
    place.unlink()
    assert shelf.state(home, added) == "missing"
    assert "is gone" in str(hand.at_hand(home, definition, "4.2", For()).missing[0])
    assert releases.add(home, definition, package)[0].new
    assert releases.listed(home)[0].path(home) == place


def test_what_somebody_else_put_there_is_left_alone(home: Path, definition: Definition, package: Path) -> None:
    place = home / "releases/standin-platform/4.2/platform" / package.name
    place.parent.mkdir(parents=True)
    place.write_bytes(b"by hand")
    assert releases.listed(home) == []
    with pytest.raises(PackageDiffers):
        releases.add(home, definition, package)
    assert place.read_bytes() == b"by hand"
    shutil.copy(package, place)
    assert releases.add(home, definition, package)[0].new, "the very file only needs its record"
    assert releases.listed(home)[0].unpacked > 0


def test_a_folder_brings_all_packages_of_the_product(home: Path, definition: Definition, tmp_path: Path) -> None:
    for version in ("3.5", "4.2", "5.0"):
        packages.make(tmp_path / "in", version)
    (tmp_path / "in/readme.txt").write_text("x", "utf-8")
    added = releases.add(home, definition, tmp_path / "in")
    assert sorted(one.package.version for one in added) == ["3.5", "4.2", "5.0.13334.0"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileMissing) as error:
        releases.add(home, definition, tmp_path / "empty")
    assert "-release-ru-{version}.standin.tar.gz" in str(error.value.why[0])


def archive(path: Path, *members: tuple[str, bytes], kind: bytes = tarfile.REGTYPE, link: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as made:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.linkname = len(content), kind, link
            made.addfile(info, io.BytesIO(content))
    return path


def zipped(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return path


NAME = "4.2-release-ru-4.2.standin.tar.gz"


def bad_archives(folder: Path) -> dict[str, Path]:
    """By what is wrong with each, and in which words it is told."""
    whole = packages.make(folder / "whole", "4.2").read_bytes()
    cut = folder / "cut" / NAME
    cut.parent.mkdir()
    cut.write_bytes(whole[: len(whole) // 2])
    empty = folder / "empty" / NAME
    empty.parent.mkdir()
    empty.touch()
    words = folder / "words" / NAME
    words.parent.mkdir()
    words.write_bytes(b"<html>not found</html>" * 100)
    huge = folder / "huge" / NAME
    huge.parent.mkdir()
    with tarfile.open(huge, "w:gz") as made:
        info = tarfile.TarInfo("4.2/zeros")
        info.size = 1 << 50
        made.addfile(info)
    return {
        "holds more than": huge,
        "damaged or cut off": cut,
        "damaged or cut": empty,
        "damaged": words,
        "leads out of the folder": archive(folder / "up" / NAME, ("4.2/../../etc/passwd", b"x")),
        "absolute": archive(folder / "abs" / NAME, ("/etc/passwd", b"x")),
        "outside the folder": archive(folder / "link" / NAME, ("4.2/l", b""), kind=tarfile.SYMTYPE, link="../../etc"),
        "a device": archive(folder / "dev" / NAME, ("4.2/d", b""), kind=tarfile.CHRTYPE),
        "in the archive already": archive(folder / "twice" / NAME, ("4.2/a", b"1"), ("4.2/a", b"2")),
    }


def test_bad_archives_stay_outside_and_are_called_by_their_own_name(
    home: Path, definition: Definition, tmp_path: Path
) -> None:
    for words, path in bad_archives(tmp_path).items():
        with pytest.raises(BadArchive) as error:
            releases.add(home, definition, path)
        told = repr(error.value.as_dict())
        assert words in told
        assert NAME in told
        assert "smena-new" not in told, "nobody knows our copy"
        assert sorted(os.listdir(home / "releases")) == [".lock"]  # noqa: PTH208


def test_a_zip_is_judged_too_and_an_installer_is_taken_as_it_is(
    home: Path, definition: Definition, tmp_path: Path
) -> None:
    good = zipped(tmp_path / "extras-1.0.zip", "a/b.txt", b"x" * 100)
    ((added, _new),) = releases.add(home, definition, good)
    assert (added.component, added.unpacked) == ("extras", 100)
    with pytest.raises(BadArchive):
        releases.add(home, definition, zipped(tmp_path / "extras-2.0.zip", "../b.txt", b"x"))
    (tmp_path / "setup.exe").write_bytes(b"MZ...")
    said = Said("7.1", "extras", "windows")
    ((added, _new),) = releases.add(home, definition, tmp_path / "setup.exe", said)
    assert (added.version, added.component, added.variant, added.unpacked) == ("7.1", "extras", "windows", 0)


@pytest.mark.parametrize(
    ("name", "said", "words"),
    [
        ("unknown.tar.gz", Said(), "does not say which component"),
        ("unknown.tar.gz", Said(component="platform"), "does not say which version"),
        ("unknown.tar.gz", Said("latest", "platform"), "is no version"),
        ("unknown.tar.gz", Said("1.0", "platfrom"), "right: platform"),
        ("unknown.tar.gz", Said("1.0", "platform", "team"), "no edition team"),
        (NAME, Said("4.3"), "says version 4.2, and you say 4.3"),
        ("release.json", Said("1.0", "platform"), "no package is called so"),
        (".hidden.zip", Said("1.0", "platform"), "no package is called so"),
    ],
)
def test_what_cannot_be_told_of_a_file_is_asked_for(
    home: Path, definition: Definition, tmp_path: Path, name: str, said: Said, words: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    with pytest.raises(PackageUnfit) as error:
        releases.add(home, definition, tmp_path / name, said)
    assert words in repr(error.value.as_dict())
    assert not home.exists()


def test_a_missing_file_is_wrong_usage(home: Path, definition: Definition, tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        releases.add(home, definition, tmp_path / NAME)


def test_a_version_has_one_folder_however_it_is_written(
    home: Path, definition: Definition, package: Path, tmp_path: Path
) -> None:
    releases.add(home, definition, package)
    zipped(tmp_path / "extras-4.2.0.zip", "a", b"x")
    ((added, _new),) = releases.add(home, definition, tmp_path / "extras-4.2.0.zip")
    assert added.version == "4.2"
    assert [one.component for one in hand.at_hand(home, definition, "4.2.0.0", For()).packages] == [
        "platform",
        "extras",
    ]


def test_file_names_that_are_no_text(home: Path, definition: Definition, tmp_path: Path) -> None:
    strange = tmp_path / os.fsdecode(b"\xff-release-ru-4.2.standin.tar.gz")
    packages.make(tmp_path / "in", "4.2").rename(strange)
    ((added, _new),) = releases.add(home, definition, strange)
    assert added.file.startswith("␛dcff-")
    assert added.path(home).exists()
    assert shelf.state(home, releases.listed(home)[0], thoroughly=True) == "there"


def test_what_is_at_hand(home: Path, definition: Definition, package: Path, tmp_path: Path) -> None:
    found = hand.at_hand(home, definition, "4.2", For())
    assert found.packages == ()
    assert "there is no package of platform 4.2" in str(found.missing[0])
    ((added, _new),) = releases.add(home, definition, package)
    assert hand.at_hand(home, definition, "4.2", For()) == ((added,), ())
    assert hand.at_hand(home, definition, "4.7.2", For()).missing
    wants_extras = For(components=("platform", "extras"))
    assert "extras" in str(hand.at_hand(home, definition, "4.2", wants_extras).missing[0])
    assert hand.versions(home, definition, For()) == ["4.2"]
    assert hand.versions(home, definition, wants_extras) == []


EDITIONS = """
schema: 1
product: sold
title: {en: Sold, ru: Проданный}
editions: {team: {title: {en: T, ru: T}}, pro: {title: {en: P, ru: P}}}
components:
  server:
    title: {en: server, ru: сервер}
    files: {team: 'Team_{version}.msi', pro: 'Pro_{version}.msi'}
  agent: {title: {en: agent, ru: агент}, files: {linux: 'agent_{version}.deb', windows: 'agent_{version}.msi'}}
  docs: {title: {en: docs, ru: документы}}
"""


def test_packages_of_editions_and_platforms(home: Path, tmp_path: Path) -> None:
    definition = load(EDITIONS.encode(), "sold.yaml")
    for name in ("Team_7.1.msi", "Pro_7.1.msi", "agent_7.1.deb"):
        (tmp_path / name).write_text(name, "utf-8")
        releases.add(home, definition, tmp_path / name)
    assert len(json.loads((home / "releases/sold/7.1/server/release.json").read_bytes())["packages"]) == 2

    def names(wanted: For) -> tuple[list[str], int]:
        found = hand.at_hand(home, definition, "7.1", wanted)
        return [one.file for one in found.packages], len(found.missing)

    assert names(For("team")) == (["Team_7.1.msi", "agent_7.1.deb"], 0)
    assert names(For("pro", "windows")) == (["Pro_7.1.msi"], 1)
    assert names(For(None)) == (["agent_7.1.deb"], 0), "no package is for an instance without an edition"


def test_remove_takes_what_was_chosen_and_nothing_else(
    home: Path, definition: Definition, package: Path, tmp_path: Path
) -> None:
    releases.add(home, definition, package)
    releases.add(home, definition, zipped(tmp_path / "extras-4.2.zip", "a", b"x"))
    releases.add(home, definition, packages.make(tmp_path / "in", "5.0"))
    releases.remove(home, releases.chosen(home, "standin-platform", "4.2", component="extras"))
    assert [one.component for one in releases.listed(home)] == ["platform", "platform"]
    releases.remove(home, releases.chosen(home, "standin-platform", "4.2"))
    assert [one.version for one in releases.listed(home)] == ["5.0.13334.0"]
    assert not (home / "releases/standin-platform/4.2").exists()
    with pytest.raises(PackageUnknown) as error:
        releases.chosen(home, "standin-platform", "4.2")
    assert "5.0.13334.0" in str(error.value.why[0])


def test_a_record_of_a_newer_smena_and_a_damaged_one(home: Path, definition: Definition, package: Path) -> None:
    ((added, _new),) = releases.add(home, definition, package)
    record = added.path(home).with_name("release.json")
    record.write_text('{"schema": 99, "shelves": []}', "utf-8")
    with pytest.raises(StoreTooNew):
        releases.listed(home)
    record.write_text("{", "utf-8")
    with pytest.raises(BadContent, match=r"release\.json"):
        releases.listed(home)


def test_only_one_adds_at_a_time(
    home: Path, definition: Definition, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "_PATIENCE", 0.1)
    (home / "releases").mkdir(parents=True)
    with Lock(home / "releases/.lock", "a test"), pytest.raises(LockBusy):
        releases.add(home, definition, package)


@pytest.mark.root
def test_a_full_disk_leaves_nothing_behind(definition: Definition, tmp_path: Path) -> None:
    large = packages.make(tmp_path / "in", "4.2", padding=3_000_000)
    with disks.tmpfs(tmp_path / "small", "1m") as home:
        with pytest.raises(DiskFull, match=large.name):
            releases.add(home, definition, large)
        assert list(tree(home)) == ["releases/.lock"]
        releases.add(home, definition, packages.make(tmp_path / "in", "4.7.2"))


@pytest.mark.slow
def test_death_while_adding_leaves_it_added_or_to_be_added(tmp_path: Path, package: Path) -> None:
    home = tmp_path / "home"
    standinproduct.put_into(home, tmp_path / "root")
    code = f"""
        from pathlib import Path
        from smena.intake import releases
        from smena.intake.definitions import find
        home = Path({str(home)!r})
        releases.add(home, find("standin-platform", home), Path({str(package)!r}))
    """
    for point in points(code, tmp_path / "log"):
        shutil.rmtree(home / "releases", ignore_errors=True)
        die(code, point)
        for one in releases.listed(home):
            assert shelf.state(home, one, thoroughly=True) in ("there", "missing"), point
        again = perform(code)
        assert again.returncode == 0, (point, again.stderr)
        (one,) = releases.listed(home)
        assert shelf.state(home, one, thoroughly=True) == "there", point
        assert sorted(os.listdir(one.path(home).parent)) == [package.name, "release.json"], point  # noqa: PTH208
