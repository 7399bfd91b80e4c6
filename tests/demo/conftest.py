"""Hosts with a running stand-in, which die with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.standin_host import StandinHost

MakeHost = Callable[..., StandinHost]


@pytest.fixture
def make_host(tmp_path: Path) -> Iterator[MakeHost]:
    """`make_host(version, name="main")`: another instance on the same host."""
    hosts: list[StandinHost] = []

    def make(version: str, name: str = "main") -> StandinHost:
        hosts.append(StandinHost(tmp_path, version, name))
        return hosts[-1]

    yield make
    for host in hosts:
        host.close()
