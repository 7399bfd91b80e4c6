"""What all tests share. Helpers that are no fixtures stand in tests/support; `need` is the one to know first."""

from __future__ import annotations

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="die everywhere, not only at a choice of places (hours)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `full` are not passed over: without `--full` they are not asked for."""
    if not config.getoption("--full"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("full")])
        items[:] = [item for item in items if not item.get_closest_marker("full")]


@pytest.fixture(scope="session")
def full(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full", default=False))
