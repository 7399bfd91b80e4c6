"""Hosts to die on. `--full` dies at every passage of every point in every way; without it a seeded choice does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.deaths import Bench, Lab, Passed, turned_back
from support.upgrade_fixtures import host, make_host, stock
from support.upgrade_host import Stock

__all__ = ["host", "make_host", "stock"]


@pytest.fixture(scope="session")
def lab(stock: Stock) -> Iterator[Lab]:
    made = Lab(stock)
    yield made
    made.close()


@pytest.fixture(scope="session")
def bench(lab: Lab) -> Iterator[Bench]:
    """One hop, 4.7.2 to 4.7.3, that comes out right unless something dies."""
    made = Bench(lab)
    yield made
    made.discard()
    assert made.missed < 10


@pytest.fixture(scope="session")
def failing(lab: Lab) -> Iterator[Bench]:
    """The same hop, where the product breaks off in the middle of its conversion."""
    made = Bench(lab)
    made.wishes = [{"version": "4.7.3", "conversion-error": True}]
    yield made
    made.discard()
    assert made.missed < 10


@pytest.fixture(scope="session")
def points(bench: Bench) -> list[Passed]:
    """Every point that the run over one hop passes."""
    return bench.listed()


@pytest.fixture(scope="session")
def back(failing: Bench) -> list[Passed]:
    """Every point that the failing run passes on its way back."""
    return turned_back(failing.listed())
