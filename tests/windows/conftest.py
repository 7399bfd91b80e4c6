"""One Wine prefix for all tests of Windows hosts, and a copy of it for each that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.host import drives
from support import wine


@pytest.fixture(scope="session")
def wine_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    base = tmp_path_factory.getbasetemp()
    return wine.template((base if worker_id == "master" else base.parent) / "wine")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for programs that were compiled for these tests."""
    return tmp_path_factory.mktemp("built")


@pytest.fixture(scope="session")
def service_manager(built: Path) -> Path:
    """`sc.exe` with the commands that Wine's own lacks."""
    return wine.build(Path(wine.__file__).parent / "windows" / "sc.c", built / "sc.exe", "-municode")


@pytest.fixture(scope="session")
def task_program(built: Path) -> Path:
    """`schtasks.exe` that can be given a task, as Wine's own cannot."""
    return wine.build(Path(wine.__file__).parent / "windows" / "schtasks.c", built / "schtasks.exe", "-municode")


@pytest.fixture
def prefix(
    wine_template: Path, service_manager: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A Windows host of this test's own, switched on; smena is told of it."""
    place = wine.fresh(wine_template, tmp_path / "prefix")
    wine.put_in(place, service_manager, "sc.exe")
    monkeypatch.setenv(drives.VARIABLE, str(place))
    with wine.up(place):
        yield place
    drives.forget()


@pytest.fixture(scope="module")
def shared_prefix(
    wine_template: Path, service_manager: Path, task_program: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A Windows host, switched on, for all tests of one file that leave it as it was."""
    place = wine.fresh(wine_template, tmp_path_factory.mktemp("shared") / "prefix")
    wine.put_in(place, service_manager, "sc.exe")
    wine.put_in(place, task_program, "schtasks.exe")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(drives.VARIABLE, str(place))
        with wine.up(place):
            yield place
    drives.forget()


@pytest.fixture
def scheduler(prefix: Path, task_program: Path) -> Iterator[Path]:
    """The host of `prefix` with a task scheduler."""
    wine.end(prefix)
    wine.put_in(prefix, task_program, "schtasks.exe")
    with wine.up(prefix):
        yield prefix
