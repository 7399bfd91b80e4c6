"""Every failure that the stand-in can be asked for, at the first, a middle and the last hop: back to the very
beginning, byte for byte, answering with its data, and `run show` tells why."""

from __future__ import annotations

import re

import pytest

from support.upgrade_fixtures import MakeHost
from support.upgrade_host import Called, Snapshot, UpgradeHost

QUICK = {
    "within: 5s": "within: 1s",
    "within: 2m": "within: 2s",
    "within: 1m": "within: 2s",
    "stop-within: 10s": "stop-within: 2s",
}
"""Nobody wants to wait minutes for what never comes."""

HOPS = {"first": "4.2", "middle": "4.7.3", "last": "5.0"}
"""On the way from 3.5.1100 to 5.0."""

FAILURES: dict[str, tuple[object, str]] = {
    "conversion-error": (True, r"UpgradeOntology\S* says: .*ошибка|upgrade\S* says: .*ошибка"),
    "no-start": (True, "comindware ended before its work was done"),
    "port-taken": (True, "did not answer as it should within|apigateway ended"),
    "slow-start": (60, "did not say within 2 s that it is done"),
    "no-completion": (True, "did not say within 2 s that it is done"),
    "wrong-version": ("9.9", "it answered without “Версия "),
}
"""The wish, and what a person must be told."""


def went_back(host: UpgradeHost, called: Called, before: Snapshot) -> None:
    """The old, whole: to the byte, running, answering with its data, startable by anyone."""
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    assert host.snapshot() == before
    health = host.health()
    assert health is not None
    assert (health.status, host.data()) == ("ok", host.known)
    assert not list(host.home.glob("hold/*"))
    assert host.said(called.value["run"]) == ""


@pytest.mark.parametrize("hop", HOPS)
@pytest.mark.parametrize("fault", FAILURES)
def test_failure_goes_back_to_the_very_beginning(fault: str, hop: str, make_host: MakeHost) -> None:
    host = make_host("3.5.1100", changes=QUICK)
    wish, words = FAILURES[fault]
    host.faults({"version": HOPS[hop], fault: wish})
    host.start()
    before = host.snapshot()
    called = host.upgrade("5.0")
    went_back(host, called, before)
    explained = host.smena("run", "show", called.value["run"], people=True)
    assert explained.status == 0
    assert re.search(words, explained.out), explained.out
    assert re.search(words, str(called.value["why"])), called.value


def test_a_slow_start_is_waited_for(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    host.faults({"version": "4.7.3", "slow-start": 1.0, "slow-conversion": 1.0})
    host.start()
    assert host.upgrade("4.7.3").status == 0
    assert host.data() == host.known
