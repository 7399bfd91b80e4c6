"""Where smena keeps what it knows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from smena.errors import WrongUsage
from smena.service.home import home


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize(
    ("variables", "wanted"),
    [
        ({"HOME": "/home/ann"}, "/home/ann/.local/share/smena"),
        ({"HOME": "/home/ann", "XDG_DATA_HOME": "/data/ann"}, "/data/ann/smena"),
        ({"HOME": "/home/ann", "XDG_DATA_HOME": "data"}, "/home/ann/.local/share/smena"),
        ({"HOME": "/home/ann", "SMENA_HOME": "/srv/smena"}, "/srv/smena"),
    ],
)
def test_home_of_a_person(variables: dict[str, str], wanted: str) -> None:
    assert home(None, variables) == Path(wanted)


@pytest.mark.usefixtures("root")
def test_home_of_root() -> None:
    assert home(None, {"HOME": "/root", "XDG_DATA_HOME": "/data"}) == Path("/var/lib/smena")
    assert home(None, {"SMENA_HOME": "/srv/smena"}) == Path("/srv/smena")


def test_what_is_given_wins_and_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert home("here", {"SMENA_HOME": "/srv/smena"}) == tmp_path / "here"


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("variables", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_folder(variables: dict[str, str]) -> None:
    with pytest.raises(WrongUsage):
        home(None, variables)
