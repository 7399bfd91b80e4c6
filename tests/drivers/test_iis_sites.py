"""Closing a site of IIS, its header, its folder: each value undone by itself, others' values left alone."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from smena import clock
from smena.drivers.iis import Binding
from smena.drivers.iis_header import IisHeaders
from smena.drivers.iis_pages import Closing, IisPages
from smena.drivers.iis_shared import shared_configuration
from smena.errors import IisChanged
from smena.faults import InjectedFault
from support.windows.iis.world import IisWorld, empty_prefix

SITE = "Портал N"
OWN = (Binding("http", "*:8085:"), Binding("https", "*:8443:n.example", "1"))
BEHIND = Binding("http", "127.0.0.1:8085:")
CLOSING = Closing(instance="N", site=SITE, probe="http://127.0.0.1:8085/")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IisWorld:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv("SMENA_WINE", str(prefix))
    world = IisWorld(tmp_path, prefix)
    world.appcmd("add", "apppool", f"/name:{SITE}")
    world.appcmd("add", "site", f"/name:{SITE}", "/physicalPath:C:\\N", "/bindings:http/*:8085:")
    flagged = "/+bindings.[protocol='https',bindingInformation='*:8443:n.example',sslFlags='1']"
    world.appcmd("set", "site", f"/site.name:{SITE}", flagged)
    world.appcmd("set", "app", f"/app.name:{SITE}/", f"/applicationPool:{SITE}")
    return world


def test_a_closed_site_answers_its_probe_and_nobody_else(world: IisWorld) -> None:
    pages = IisPages(world.home, world.iis)
    before = world.standin.config.read_bytes()
    pages.up(CLOSING)
    pages.up(CLOSING)
    assert pages.is_up(CLOSING)
    assert world.iis.site(SITE).bindings == (BEHIND,)
    closed = next(site for site in world.iis.sites() if site.name == "smena-maintenance-N")
    assert (closed.bindings, closed.state) == (OWN, "Started")
    assert world.iis.pool("smena-maintenance-N").state == "Stopped"
    world.standin.boot()
    assert world.iis.pool("smena-maintenance-N").state == "Stopped"
    pages.down(CLOSING)
    pages.down(CLOSING)
    assert world.iis.site(SITE).bindings == OWN
    assert world.standin.config.read_bytes() == before
    assert not pages.is_up(CLOSING)


POINTS = ("registered", "bindings-taken", "closed-added", "closed-deleted", "bindings-back")


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("onward", ["up", "down"])
def test_a_death_at_any_instant_is_found_back_from(
    world: IisWorld, monkeypatch: pytest.MonkeyPatch, point: str, onward: str
) -> None:
    pages = IisPages(world.home, world.iis)
    before = world.standin.config.read_bytes()
    monkeypatch.setattr("smena.faults._plan", f"iis.{point}=error")
    monkeypatch.setattr("smena.faults._passed", {})
    with pytest.raises(InjectedFault):  # noqa: PT012 - it dies on the way there or on the way back
        pages.up(CLOSING)
        pages.down(CLOSING)
    monkeypatch.setattr("smena.faults._plan", "")
    if onward == "up":
        pages.up(CLOSING)
        assert world.iis.site(SITE).bindings == (BEHIND,)
    pages.down(CLOSING)
    assert world.standin.config.read_bytes() == before


def test_what_others_changed_meanwhile_stays(world: IisWorld) -> None:
    pages = IisPages(world.home, world.iis)
    pages.up(CLOSING)
    more = "/+bindings.[protocol='http',bindingInformation='*:9000:']"
    world.appcmd("set", "site", f"/site.name:{SITE}", more)
    world.appcmd("set", "site", "/site.name:Default Web Site", "/serverAutoStart:false")
    pages.down(CLOSING)
    assert set(world.iis.site(SITE).bindings) == {*OWN, Binding("http", "*:9000:")}
    assert not world.iis.site("Default Web Site").auto_start


def test_bindings_that_somebody_replaced_are_left_and_told(world: IisWorld) -> None:
    pages = IisPages(world.home, world.iis)
    pages.up(CLOSING)
    gone = "/-bindings.[protocol='http',bindingInformation='127.0.0.1:8085:']"
    there = "/+bindings.[protocol='http',bindingInformation='*:9000:']"
    world.appcmd("set", "site", f"/site.name:{SITE}", gone, there)
    with pytest.raises(IisChanged, match=SITE):
        pages.down(CLOSING)
    assert world.iis.site(SITE).bindings == (Binding("http", "*:9000:"),)


@pytest.mark.parametrize(("secure", "name"), [(True, "Clear-Site-Data"), (False, "Cache-Control")])
def test_a_header_is_set_in_the_servers_own_configuration(world: IisWorld, secure: bool, name: str) -> None:
    headers = IisHeaders(world.home, world.iis)
    before = world.appcmd("list", "config", f"{SITE}/app", "/section:httpProtocol", "/xml")
    last = clock.now().date() + timedelta(days=7)
    headers.put("N", f"{SITE}/app", last, secure=secure)
    headers.put("N", f"{SITE}/app", last, secure=secure)
    assert name in world.appcmd("list", "config", f"{SITE}/app", "/section:httpProtocol", "/xml")
    assert name not in world.appcmd("list", "config", SITE, "/section:httpProtocol", "/xml")
    assert list(headers.over()) == []
    headers.take_away("N")
    headers.take_away("N")
    assert world.appcmd("list", "config", f"{SITE}/app", "/section:httpProtocol", "/xml") == before


def test_a_header_that_the_product_sets_itself_is_left_alone(world: IisWorld) -> None:
    """Two of one name would be an error 500.19 of the whole place."""
    folder = world.prefix / "drive_c/N"
    folder.mkdir()
    header = '<add name="cache-control" value="no-cache" />'
    (folder / "web.config").write_text(
        f"<configuration><system.webServer><httpProtocol><customHeaders>{header}</customHeaders></httpProtocol>"
        "</system.webServer></configuration>",
        "utf-8",
    )
    before = world.standin.config.read_bytes()
    headers = IisHeaders(world.home, world.iis)
    headers.put("N", f"{SITE}/", date(2030, 1, 1), secure=False)
    assert world.standin.config.read_bytes() == before
    headers.take_away("N")
    assert world.standin.config.read_bytes() == before


def test_a_header_ends_after_its_last_day(world: IisWorld) -> None:
    headers = IisHeaders(world.home, world.iis)
    headers.put("N", SITE, clock.now().date() - timedelta(days=1), secure=True)
    assert list(headers.over()) == ["N"]


def test_a_header_that_somebody_changed_is_left_and_told(world: IisWorld) -> None:
    headers = IisHeaders(world.home, world.iis)
    headers.put("N", SITE, date(2030, 1, 1), secure=True)
    place = ("set", "config", SITE, "/section:httpProtocol", "/commit:apphost")
    world.appcmd(*place, "/-customHeaders.[name='Clear-Site-Data']")
    world.appcmd(*place, "/+customHeaders.[name='Clear-Site-Data',value='\"*\"']")
    with pytest.raises(IisChanged, match="Clear-Site-Data"):
        headers.take_away("N")


def test_configuration_that_several_servers_share_is_told(world: IisWorld) -> None:
    assert shared_configuration() is None
    shared = '<configuration><configurationRedirection enabled="true" path="\\\\farm\\iis" /></configuration>'
    world.standin.redirection.write_bytes(b"\xef\xbb\xbf" + shared.encode())
    assert shared_configuration() == {"place": "\\\\farm\\iis"}
    world.standin.redirection.unlink()
    assert shared_configuration() is None
    assert os.environ["SMENA_WINE"] == str(world.prefix)
