"""Packages: the same bytes each time, everything in them that an upgrade works on, and defaults that differ."""

from __future__ import annotations

import hashlib
import tarfile
from pathlib import Path

import msgspec
import pytest
import yaml
from lxml import etree

from smena.demo.standin import packages
from smena.demo.standin.program.standin_product import markup, settings
from smena.demo.standin.program.standin_product.instance import LINKS
from smena.demo.standin.releases import RELEASES, release
from smena.errors import VersionUnknown

VERSIONS = [found.version for found in RELEASES]
YAML_FILES = ("adapterhost.yml", "apigateway.yml")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_call_gives_the_same_bytes(version: str, tmp_path: Path) -> None:
    first = packages.make(tmp_path / "a", version, padding=5_000)
    second = packages.make(tmp_path / "b", version, padding=5_000)
    assert first.name == second.name
    assert digest(first) == digest(second)


def test_the_name_says_family_and_version(tmp_path: Path) -> None:
    assert packages.make(tmp_path, "5.0").name == "5.0-release-ru-5.0.13334.0.standin.tar.gz"
    assert packages.package_name("3.5") == "3.5-release-ru-3.5.standin.tar.gz"
    assert packages.package_name("3.5.1058") == "3.5-release-ru-3.5.1058.standin.tar.gz"


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_that_is_linked_to_is_in_one_folder(version: str, tmp_path: Path) -> None:
    with tarfile.open(packages.make(tmp_path, version)) as archive:
        names = archive.getnames()
    assert {name.split("/")[0] for name in names} == {version}
    tops = {name.split("/")[1] for name in names}
    assert tops >= {*LINKS, "adapterhost.yml", "apigateway.yml", "Ignite.config", "logs.config", "comindware-env"}
    assert ("Workers.config" in tops) == version.startswith(("3.", "4.2"))
    assert {f"{version}/bin/{service}.py" for service in packages.SERVICES} <= set(names)


def test_the_release_is_readable_in_its_package(tmp_path: Path) -> None:
    with tarfile.open(packages.make(tmp_path, "4.7.2")) as archive:
        file = archive.extractfile("4.7.2/data/release.json")
        assert file is not None
        content = msgspec.json.decode(file.read())
    assert content["version"] == "4.7.2"
    assert content["converts"] == ["42"]
    assert "stand-in" in content["product"]


@pytest.mark.parametrize("padding", [1, 3_000_000])
def test_padding_is_that_many_bytes_that_do_not_compress(padding: int, tmp_path: Path) -> None:
    small, large = packages.make(tmp_path / "a", "4.2"), packages.make(tmp_path / "b", "4.2", padding=padding)
    with tarfile.open(large) as archive:
        assert sum(member.size for member in archive if "/media/" in member.name) == padding
    assert large.stat().st_size - small.stat().st_size > padding * 0.99


@pytest.mark.parametrize("name", ["adapterhost.yml", "apigateway.yml", "Ignite.config", "logs.config"])
def test_defaults_change_on_the_way_and_always_in_their_bytes(name: str) -> None:
    forms = [packages.default(version, name) for version in VERSIONS]
    assert len(set(forms)) >= 3
    assert forms[0] != forms[-1]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", [*YAML_FILES, "instance.yml"])
def test_the_services_read_the_yaml_files_as_everybody_does(version: str, name: str) -> None:
    content = packages.default(version, name)
    assert settings.parse(content, name) == flat(yaml.load(content, yaml.BaseLoader))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_default_file_has_what_its_version_requires(version: str) -> None:
    for name, keys in release(version).requires.items():
        content = packages.default(version, name)
        if name in YAML_FILES:
            assert set(keys) <= set(settings.parse(content, name))
        else:
            found = {
                attributes.get("name") or attributes.get("key") for _, attributes in markup.elements(content, name)
            }
            assert set(keys) <= found
            etree.fromstring(content)


@pytest.mark.parametrize(
    ("old", "new"), [("3.5.1100", "4.2"), ("4.2", "4.7.2"), ("4.7.2", "5.0.13334.0"), ("5.0.13334.0", "4.7.3")]
)
def test_a_neighbour_lacks_something_that_is_required(old: str, new: str) -> None:
    """So that configuration files that were not brought along are always noticed."""
    gateway = settings.parse(packages.default(old, "apigateway.yml"), old)
    assert not set(release(new).requires["apigateway.yml"]) <= set(gateway)


@pytest.mark.parametrize(
    ("asked", "found"),
    [("3.5", "3.5"), ("5.0", "5.0.13334.0"), ("4.7", "4.7.3"), ("4.7.2", "4.7.2"), ("3", "3.5.1100")],
)
def test_versions_by_prefix(asked: str, found: str) -> None:
    assert release(asked).version == found


@pytest.mark.parametrize("asked", ["4.8", "4.", "", "5.0.1"])
def test_unknown_versions_are_named_with_the_known(asked: str) -> None:
    with pytest.raises(VersionUnknown) as refusal:
        release(asked)
    assert "5.0.13334.0" in str(refusal.value.why[0])


def flat(value: object, above: str = "") -> dict[str, str]:
    """Nested mappings as this product names their values."""
    found = {above: value if isinstance(value, str) else ""} if above else {}
    if isinstance(value, dict):
        for key, inner in value.items():
            found |= flat(inner, f"{above}.{key}" if above else key)
    return found
