"""A package's file name says what it is, under the vendors' own patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.load import load
from smena.definition.model import Definition
from smena.intake.definitions import find
from smena.intake.file_names import named

ONE = """
schema: 1
product: one
title: {{en: One, ru: Один}}
versions: {scheme}
components: {{c: {{title: {{en: c, ru: ц}}, files: {{any: '{pattern}'}}}}}}
"""


def one(pattern: str, scheme: str = "dotted") -> Definition:
    return load(ONE.format(pattern=pattern, scheme=scheme).encode(), "one.yaml")


@pytest.mark.parametrize(
    ("product", "name", "expected"),
    [
        ("comindware-platform", "5.0-release-ru-5.0.13334.0.debian.tar.gz", ("platform", "linux", "5.0.13334.0")),
        ("comindware-platform", "5.0-release-ru-5.0.13334.0.astra.1.7.tar.gz", ("platform", "linux", "5.0.13334.0")),
        ("comindware-platform", "5.0-release-ru-5.0.13334.0.windows.zip", ("platform", "windows", "5.0.13334.0")),
        (
            "comindware-platform",
            "4.7-release-ru-4.7.1.0.prerequisites.alt.tar.gz",
            ("prerequisites", "linux", "4.7.1.0"),
        ),
        ("comindware-platform", "ComindwarePlatform_4.2.msi", ("platform-msi", "windows", "4.2")),
        ("comindware-platform", "comindwareplatform_4.2.MSI", ("platform-msi", "windows", "4.2")),
        ("comindware-platform", "Comindware_4.2.msi", None),
        ("comindware-platform", "5.0-release-ru-.debian.tar.gz", None),
    ],
)  # fmt: skip
def test_names_of_real_packages(product: str, name: str, expected: tuple[str, str, str] | None) -> None:
    found = named(find(product), name)
    assert (None if found is None else found[:3]) == expected


@pytest.mark.parametrize(
    ("pattern", "scheme", "name", "version"),
    [
        ("*{version}.zip", "dotted", "app12.3.zip", "12.3"),
        ("app-{version}.zip", "semver", "app-1.2.3-rc.1+b.zip", "1.2.3-rc.1+b"),
        ("app-{version}-any.whl", "pep440", "app-4.7rc1.post2-any.whl", "4.7rc1.post2"),
        ("a{version}b{version}.zip", "dotted", "a1.2b1.2.zip", "1.2"),
        ("a{version}b{version}.zip", "dotted", "a1.2b1.3.zip", None),
        ("setup.exe", "dotted", "SETUP.exe", ""),
        ("a[b]+{version}.zip", "dotted", "a[b]+1.zip", "1"),
        ("app-{version}.zip", "semver", "app-1.2.zip", None),
    ],
)
def test_versions_are_read_as_the_scheme_writes_them(pattern: str, scheme: str, name: str, version: str | None) -> None:
    found = named(one(pattern, scheme), name)
    assert (None if found is None else found.version or "") == version


@given(st.lists(st.integers(0, 99999), min_size=1, max_size=5), st.text("abcXYZ-_ ", max_size=8))
def test_every_dotted_version_is_found_again(numbers: list[int], words: str) -> None:
    version = ".".join(map(str, numbers))
    found = named(one("*-ru-{version}.*.tar.gz"), f"{words}-ru-{version}.debian.tar.gz")
    assert found is not None
    assert found.version == version


REAL = find("comindware-platform")


@given(st.text(max_size=80))
def test_no_name_is_a_crash(name: str) -> None:
    found = named(REAL, name)
    assert found is None or found.version
