"""All instances of a product at once: one that fails goes back, and neither stops nor harms the others."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.demo.standin import client, install
from smena.demo.standin.client import Data
from smena.instances.adopt import Wish
from smena.service import instances
from support.standin_host import free_port
from support.upgrade_host import ACCEPT, PRODUCT, Called, UpgradeHost

MORE = ("north", "south")


class Shops:
    """Two more instances in the home of a host, each with data of its own."""

    def __init__(self, host: UpgradeHost) -> None:
        self.host = host
        self.urls: dict[str, str] = {}
        self.data: dict[str, Data] = {}
        for name in MORE:
            port = free_port()
            install.create(host.root, name, "4.2", port)
            settings = {"root": str(host.root), "python": sys.executable}
            instances.add(host.home, Wish(name=name, settings=settings, driver="supervised"), product=PRODUCT)
            instances.start(host.home, name)
            self.urls[name] = f"http://127.0.0.1:{port}"
            client.wait(self.urls[name])
            self.data[name] = client.fill(self.urls[name], 20, 1)

    def config(self, name: str) -> Path:
        return install.layout(self.host.root, name).config

    def version(self, name: str) -> str:
        return client.wait(self.urls[name]).version

    def close(self) -> None:
        for name in MORE:
            instances.stop(self.host.home, name)


def states(done: Called) -> dict[str, str]:
    """With users in the work is done, whether the run has noticed its end or not."""
    return {
        one["instance"]: "done" if one["state"] in ("final", "open") else one["state"]
        for one in done.value["instances"]
    }


@pytest.fixture
def shops(host: UpgradeHost) -> Iterator[Shops]:
    found = Shops(host)
    yield found
    found.close()


@pytest.mark.parametrize("parallel", [1, 2])
def test_one_failure_neither_stops_nor_harms_the_others(host: UpgradeHost, shops: Shops, parallel: int) -> None:
    (shops.config("north") / "standin-faults.json").write_text(json.dumps({"conversion-error": True}), "utf-8")
    done = host.smena(
        "upgrade", "--all", PRODUCT, "--to", "4.7.3", "--parallel", str(parallel), "--probation", "0", "--yes", *ACCEPT
    )
    assert states(done) == {"main": "done", "north": "undone", "south": "done"}
    assert done.status == 1
    assert (shops.version("north"), shops.version("south")) == ("4.2", "4.7.3")
    assert all(client.all_data(shops.urls[name]) == shops.data[name] for name in MORE)
    host.stop()


def test_stop_on_failure_begins_no_further_one(host: UpgradeHost, shops: Shops) -> None:
    host.faults({"conversion-error": True})
    (shops.config("north") / "standin-faults.json").write_text(json.dumps({"conversion-error": True}), "utf-8")
    done = host.smena(
        "upgrade", "--all", PRODUCT, "--to", "4.7.3", "--stop-on-failure", "--probation", "0", "--yes", *ACCEPT
    )
    assert sorted(states(done).values()) == ["left", "left", "undone"]
    assert shops.version("south") == "4.2"
    host.stop()


def test_what_runs_it_already_and_what_is_refused_is_said(host: UpgradeHost, shops: Shops) -> None:
    """The host's own instance is not running: its check says so, and the others are upgraded all the same."""
    host.stop()
    first = host.smena("upgrade", "--all", PRODUCT, "--to", "4.7.3", "--probation", "0", "--yes", *ACCEPT)
    assert states(first) == {"main": "refused", "north": "done", "south": "done"}
    again = host.smena("upgrade", "--all", PRODUCT, "--to", "4.7.3", "--yes", *ACCEPT)
    assert states(again) == {"main": "refused", "north": "there", "south": "there"}
    assert again.status == 3
    assert host.smena("upgrade", "--all", "loginom-server", "--to", "7", "--yes").error["code"] == "product-unused"
    assert shops.version("south") == "4.7.3"
