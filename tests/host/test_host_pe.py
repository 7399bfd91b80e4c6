"""The version that a Windows program says of itself; everything else says none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.host.pe import file_version
from support import loginom_packages


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return loginom_packages.service("6.5.1", tmp_path_factory.mktemp("built"))


def test_the_version_of_a_program(program: Path) -> None:
    assert file_version(program) == "6.5.1.0"


def test_what_is_no_program_has_none(tmp_path: Path) -> None:
    assert file_version(Path(sys.executable)) is None
    for content in (b"", b"MZ", b"MZ" + bytes(300), b"text"):
        (tmp_path / "x").write_bytes(content)
        assert file_version(tmp_path / "x") is None


@given(data=st.data())
def test_a_damaged_program_is_no_accident(
    program: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Cut off anywhere, or with any bytes in its header: a version or none, and an end."""
    whole = bytearray(program.read_bytes())
    for _change in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, 1024))] = data.draw(st.integers(0, 255))
    place = tmp_path_factory.getbasetemp() / "damaged.exe"
    place.write_bytes(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    found = file_version(place)
    assert found is None or found.count(".") == 3
