"""Fixtures for tests that need a host with an instance; a `conftest.py` imports those that it wants."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from support.upgrade_host import Stock, UpgradeHost, below

MakeHost = Callable[..., UpgradeHost]


@pytest.fixture(scope="session")
def stock() -> Iterator[Stock]:
    made = Stock()
    try:
        yield made
    finally:
        left = list(below(made.folder))
        made.close()
    assert not left, "processes outlived their tests"


@pytest.fixture
def make_host(stock: Stock) -> Iterator[MakeHost]:
    """`make_host("4.7.2")`: a host with an instance of that version. It ends with the test, and so does all on it."""
    hosts: list[UpgradeHost] = []

    def make(version: str = "4.7.2", **more: object) -> UpgradeHost:
        hosts.append(stock.host(version, **more))
        return hosts[-1]

    yield make
    strays = [words for host in hosts for words in host.strays()]
    for host in hosts:
        host.close()
    assert not strays, "processes that nobody knows"


@pytest.fixture
def host(make_host: MakeHost) -> UpgradeHost:
    """4.7.2, running, with data: one hop away from 4.7.3."""
    made = make_host("4.7.2")
    made.start()
    return made
