"""What the IIS driver keeps to, against the stand-in that keeps a real applicationHost.config."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers.iis import Binding
from smena.drivers.iis_pools import PoolStarts
from smena.drivers.ports import Service
from smena.errors import (
    IisDenied,
    IisFailed,
    IisMissing,
    InstanceHeld,
    ServiceUnknown,
    ServiceWillNotStop,
    SiteUnknown,
)
from support.windows.iis.world import IisWorld, empty_prefix

NAMES = ["Comindware N", "Сайт «Ёж» №1", "O'Neil & sons 100%"]


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IisWorld:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv("SMENA_WINE", str(prefix))
    return IisWorld(tmp_path, prefix)


def pool(name: str, stop_within: float = 60.0) -> Service:
    return Service(instance="N", name="platform", pool=name, stop_within=stop_within)


@pytest.mark.parametrize("name", NAMES)
def test_sites_pools_and_folders_of_any_name(world: IisWorld, name: str) -> None:
    iis = world.iis
    iis.add("pool", f"/name:{name}")
    iis.add("site", f"/name:{name}", r"/physicalPath:C:\Сайты\a b", "/bindings:http/*:81:,https/*:444:a.b")
    iis.set("app", f"{name}/", f"/applicationPool:{name}")
    site = iis.site(name.upper())
    assert (site.name, site.state, site.auto_start) == (name, "Started", True)
    assert site.bindings == (Binding("http", "*:81:"), Binding("https", "*:444:a.b"))
    assert [app.pool for app in iis.apps() if app.site == name] == [name]
    iis.set("folder", f"{name}/", r"/physicalPath:C:\Сайты\c d")
    assert iis.folder(f"{name}/").path == r"C:\Сайты\c d"
    iis.stop_site(name)
    iis.stop_site(name)
    assert iis.site(name).state == "Stopped"
    iis.start_site(name)
    iis.start_site(name)
    assert iis.site(name).state == "Started"
    iis.delete("site", name)
    iis.delete("pool", name)
    assert [one.name for one in iis.sites()] == ["Default Web Site"]
    assert [one.name for one in iis.pools()] == ["DefaultAppPool"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pool_is_a_service(world: IisWorld, name: str) -> None:
    world.iis.add("pool", f"/name:{name}", "/autoStart:false")
    service, pools = pool(name), world.pools
    assert (pools.state(service).status, pools.identity(service)) == ("stopped", None)
    pools.stop(service)
    pools.start(service)
    pools.start(service)
    worker = world.standin.visit(name)
    assert pools.state(service).status == "running"
    assert pools.identity(service) is not None
    assert str(worker) in pools.last_words(service)
    pools.stop(service)
    assert (pools.state(service).status, world.iis.workers(name)) == ("stopped", ())
    assert pools.statuses([service, pool("nobody")])[0] == "stopped"
    assert isinstance(pools.statuses([service, pool("nobody")])[1], ServiceUnknown)


def test_a_description_changes_with_what_is_configured_and_not_with_the_state(world: IisWorld) -> None:
    service = pool("DefaultAppPool")
    first = world.pools.describe(service)
    world.pools.stop(service)
    assert world.pools.describe(service) == first
    world.iis.set("pool", "DefaultAppPool", "/startMode:AlwaysRunning")
    assert world.pools.describe(service) != first
    with pytest.raises(ServiceUnknown):
        world.pools.describe(pool("nobody"))


def test_stopped_means_that_no_worker_is_left(world: IisWorld) -> None:
    world.standin.visit("DefaultAppPool")
    world.standin.trouble(lingers={"DefaultAppPool": 0.4})
    world.pools.stop(pool("DefaultAppPool"))
    assert world.iis.workers("DefaultAppPool") == ()


@pytest.mark.parametrize("trouble", [{"stays": "DefaultAppPool"}, {"lingers": {"DefaultAppPool": 60.0}}])
def test_who_does_not_stop_is_named(
    world: IisWorld, monkeypatch: pytest.MonkeyPatch, trouble: dict[str, object]
) -> None:
    monkeypatch.setattr("smena.drivers.iis_pools.STOP_LIMIT", 0.3)
    worker = world.standin.visit("DefaultAppPool")
    world.standin.trouble(**trouble)
    with pytest.raises(ServiceWillNotStop) as told:
        world.pools.stop(pool("DefaultAppPool", stop_within=0.3))
    assert str(worker) in str([str(why) for why in told.value.why])


def test_a_held_instance_is_started_by_its_run_only(world: IisWorld) -> None:
    service = pool("DefaultAppPool")
    world.pools.stop(service)
    (world.home / "hold").mkdir(parents=True)
    (world.home / "hold/N").touch()
    with pytest.raises(InstanceHeld):
        world.pools.start(service)
    world.pools.start(service, permit=True)
    assert world.pools.state(service).status == "running"


def test_auto_start_decides_what_a_boot_starts(world: IisWorld) -> None:
    pools = world.pools
    assert pools.auto_start("DefaultAppPool")
    assert pools.site_auto_start("Default Web Site")
    pools.set_auto_start("DefaultAppPool", False)
    pools.set_site_auto_start("Default Web Site", False)
    world.standin.boot()
    assert world.iis.pool("DefaultAppPool").state == "Stopped"
    assert world.iis.site("Default Web Site").state == "Stopped"
    pools.set_auto_start("DefaultAppPool", True)
    pools.set_site_auto_start("Default Web Site", True)
    world.standin.boot()
    assert world.iis.pool("DefaultAppPool").state == "Started"
    assert world.iis.site("Default Web Site").state == "Started"


def test_what_is_not_there_is_named(world: IisWorld) -> None:
    for ask in (world.iis.site, world.iis.folder, world.iis.stop_site):
        with pytest.raises(SiteUnknown, match="nobody"):
            ask("nobody")
    with pytest.raises(ServiceUnknown, match="nobody"):
        world.pools.start(pool("nobody"))
    with pytest.raises(SiteUnknown):
        world.iis.set("site", "nobody", "/serverAutoStart:false")


def test_no_right_to_change_iis_is_named_and_says_how(world: IisWorld) -> None:
    world.standin.trouble(denied_writes=True)
    assert world.iis.site("Default Web Site").state == "Started"
    with pytest.raises(IisDenied) as told:
        world.iis.stop_site("Default Web Site")
    assert "administrator" in str(told.value.hint)
    world.standin.trouble(denied=True)
    with pytest.raises(IisDenied):
        world.iis.sites()


def test_a_name_that_is_taken_is_refused(world: IisWorld) -> None:
    with pytest.raises(IisFailed, match="already"):
        world.iis.add("pool", "/name:DefaultAppPool")


def test_what_fails_for_a_moment_is_tried_again(world: IisWorld) -> None:
    world.standin.trouble(gone=1)
    assert world.iis.sites()


def test_a_host_without_iis_says_so(world: IisWorld) -> None:
    (world.standin.folder / "appcmd.exe").unlink()
    with pytest.raises(IisMissing):
        world.iis.sites()


def test_what_holds_an_instance_switches_pools_off_and_gives_them_back(world: IisWorld) -> None:
    starts = PoolStarts(world.home, world.pools)
    assert (starts.word("DefaultAppPool"), starts.word("nobody")) == ("true", None)
    starts.off("DefaultAppPool")
    starts.off("DefaultAppPool")
    assert starts.word("DefaultAppPool") == "false"
    starts.give_back("DefaultAppPool", "true")
    starts.give_back("DefaultAppPool", "true")
    assert starts.word("DefaultAppPool") == "true"
    starts.off("DefaultAppPool")
    starts.give_back("DefaultAppPool", "false")
    assert starts.word("DefaultAppPool") == "false"
