"""What all tests share. Helpers that are no fixtures stand in tests/support; `need` is the one to know first."""

from __future__ import annotations

import signal

import pytest
from hypothesis import HealthCheck, settings

from support.need import need

settings.register_profile(
    "smena",
    max_examples=60,
    deadline=None,  # two cores are shared by all
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("smena")

__all__ = ["need"]

_HOSTS = {"death", "demo", "e2e", "linux", "windows"}
"""Rooms whose tests start real services and whole hosts."""


_LONGEST = {"windows": 3, "inside": 3, "death": 2, "linux": 1}
"""Rooms with tests of minutes come first: of two workers none is to stand idle at the end while the other has one."""


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its background jobs ignore Ctrl-C


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="die everywhere, not only at a choice of places (hours)")


@pytest.hookimpl(tryfirst=True)  # before `-m` looks at the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests on hosts are slow. Those marked `full` are not passed over: without `--full` they are not asked for."""
    for item in items:
        if item.path.parent.name in _HOSTS:
            item.add_marker("slow")
    items.sort(key=lambda item: _LONGEST.get(item.path.parent.name, 0), reverse=True)
    if not config.getoption("--full"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("full")])
        items[:] = [item for item in items if not item.get_closest_marker("full")]


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full", default=False))
