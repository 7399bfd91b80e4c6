"""Fixtures for tests with many deaths; a `conftest.py` imports those that it wants."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.forks import Forks, forking
from support.upgrade_host import workshop


@pytest.fixture(scope="session")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with forking(tmp_path_factory.mktemp("forks")) as found:
        yield found


@pytest.fixture
def quick() -> Iterator[Path]:
    """A new folder in which a write-out costs next to nothing: death by kill -9 is the same everywhere."""
    folder = workshop()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)
