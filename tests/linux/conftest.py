"""Throwaway hosts with a real systemd."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.systemd_host import SystemdHost


@pytest.fixture(scope="module")
def systemd_host() -> Iterator[SystemdHost]:
    """One that is up, for all tests of a file: each cleans up after itself, or uses names of its own."""
    host = SystemdHost()
    try:
        host.boot()
        yield host
    finally:
        host.close()
