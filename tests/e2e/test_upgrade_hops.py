"""Upgrades that succeed: one hop, and the whole path, with every byte of the users' data."""

from __future__ import annotations

from support.upgrade_fixtures import MakeHost
from support.upgrade_host import UpgradeHost


def test_one_hop_carries_version_data_and_the_administrators_changes(host: UpgradeHost) -> None:
    before = host.data()
    called = host.upgrade("4.7.3")
    assert (called.status, called.value["state"]) == (0, "final"), called.err + called.out
    health = host.health()
    assert health is not None
    assert (health.version, health.status) == ("4.7.3", "ok")
    assert host.data() == before == host.known
    assert host.said(called.value["run"]) == ""


def test_whole_path_from_3_5_to_5_0(make_host: MakeHost) -> None:
    host = make_host("3.5")
    host.start()
    called = host.upgrade("5.0")
    assert (called.status, called.value["state"]) == (0, "final"), called.err + called.out
    health = host.health()
    assert health is not None
    assert (health.version, health.status) == ("5.0.13334.0", "ok")
    assert host.data() == host.known
