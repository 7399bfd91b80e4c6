"""The worlds in which the contract of services is tried. A new driver adds one line to `WORLDS`.

systemd is asked only where it may be played with: in a throwaway host, where tests/linux has the self-test try it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.selftest import service_worlds
from smena.selftest.service_worlds import ServiceWorld as World

WORLDS = {"supervised": service_worlds.supervised}

__all__ = ["World"]


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    made = WORLDS[request.param](tmp_path)
    yield made
    made.end()
