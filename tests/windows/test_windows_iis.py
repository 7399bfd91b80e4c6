"""The IIS driver through a real `appcmd.exe` below Wine: words, quotes and numbers arrive as they left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.drivers.ports import Service
from smena.errors import IisDenied, SiteUnknown
from support.windows.iis.world import IisWorld

NAME = "Портал «Ёж», O'Neil & 100%"


@pytest.fixture
def world(tmp_path: Path, shared_prefix: Path) -> Iterator[IisWorld]:
    made = IisWorld(tmp_path, shared_prefix, below_wine=True)
    yield made
    made.close()


def test_names_of_every_kind_reach_iis(world: IisWorld) -> None:
    world.iis.add("pool", f"/name:{NAME}")
    world.iis.add("site", f"/name:{NAME}", "/physicalPath:C:\\Мои сайты\\", "/bindings:http/*:81:")
    world.iis.set("folder", f"{NAME}/", "/physicalPath:C:\\Program Files\\x y\\")
    assert world.iis.folder(f"{NAME}/").path == "C:\\Program Files\\x y\\"
    value = """/+customHeaders.[name='Clear-Site-Data',value='"cache"']"""
    world.iis.command("set", "config", f"{NAME}/", "/section:httpProtocol", value, "/commit:apphost", "/xml")
    assert 'value="&quot;cache&quot;"' in world.standin.config.read_text("utf-8")
    service = Service(instance="N", name="platform", pool=NAME)
    world.pools.stop(service)
    assert world.pools.state(service).status == "stopped"


def test_numbers_come_back_whole(world: IisWorld) -> None:
    with pytest.raises(SiteUnknown):
        world.iis.set("site", "nobody", "/serverAutoStart:false")
    world.standin.trouble(denied_writes=True)
    with pytest.raises(IisDenied):
        world.iis.stop_site("Default Web Site")
