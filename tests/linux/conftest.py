"""Throwaway hosts with a real systemd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.systemd_host import SystemdHost


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of a file share one host, so one process runs them all, in their order."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="module")
def systemd_host() -> Iterator[SystemdHost]:
    """One that is up, for all tests of a file: each cleans up after itself, or uses names of its own."""
    host = SystemdHost()
    try:
        host.boot()
        yield host
    finally:
        host.close()
