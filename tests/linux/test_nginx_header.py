"""The header that has browsers forget what they cached: sent where it should be, hiding nobody's, ending by itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smena.drivers import nginx_header
from smena.drivers.nginx_header import Header
from smena.errors import SiteFailed
from smena.plan.params import SiteHeader
from smena.restore.point import RestorePoint
from smena.service.sites import Sites
from smena.steps import site_header
from support.nginx_host import Behind, NginxHost, Placed, ask, certificate, need_nginx
from support.toykinds import Word, make

TODAY = datetime.now(UTC).date()
CLEAR, AGAIN = ("clear-site-data", '"cache"'), ("cache-control", "no-cache, must-revalidate")


@pytest.fixture
def behind() -> Iterator[Behind]:
    made = Behind()
    yield made
    made.close()


@pytest.fixture
def web(tmp_path: Path) -> Iterator[NginxHost]:
    need_nginx()
    made = NginxHost(tmp_path, more="add_header X-Frame-Options SAMEORIGIN;")
    yield made
    made.close()


def change(web: NginxHost, placed: Placed, wanted: Header) -> None:
    before = placed.file.read_bytes()

    def write(path: Path, text: bytes) -> None:
        path.write_bytes(text)

    web.pages.change(placed.site, wanted, write, lambda: write(placed.file, before))


def head(web: NginxHost, placed: Placed, *, secure: bool = False, first: date | None = None, days: int = 7) -> None:
    first = first or TODAY - timedelta(days=1)
    change(web, placed, Header("main", first, first + timedelta(days=days), secure))


def test_over_plain_http_browsers_are_told_to_ask_again(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    head(web, placed)
    told = ask(placed.port).headers
    assert AGAIN in told.items()
    assert "clear-site-data" not in told
    assert told["x-frame-options"] == "SAMEORIGIN"  # set for all sites: ours must not hide it


@pytest.mark.parametrize("secure", [False, True])
def test_over_https_the_cache_is_cleared(web: NginxHost, behind: Behind, secure: bool) -> None:
    """By its own listening, or because something before it takes https and the site's address says so."""
    certificate(web.folder)
    listen = "127.0.0.1:{port}" if secure else "127.0.0.1:{port} ssl"
    inner = f"    ssl_certificate {web.folder}/crt.pem;\n    ssl_certificate_key {web.folder}/key.pem;"
    placed = web.add("main", behind.port, listen=listen, inner=inner)
    web.start()
    head(web, placed, secure=secure)
    told = ask(placed.port, secure=not secure).headers
    assert CLEAR in told.items()
    assert "cache-control" not in told


def test_a_location_with_headers_of_its_own_sends_ours_too(web: NginxHost, behind: Behind) -> None:
    inner = "    location /own { add_header X-Own yes; return 200 x; }\n    add_header X-Server yes;"
    placed = web.add("main", behind.port, inner=inner)
    web.start()
    before = ask(placed.port).headers
    head(web, placed)
    own, other = ask(placed.port, "/own").headers, ask(placed.port).headers
    assert AGAIN in own.items()
    assert own["x-own"] == "yes"
    assert AGAIN in other.items()
    assert other["x-server"] == "yes"
    assert "x-frame-options" not in before  # hidden before us: it stays so
    assert "x-frame-options" not in other


def test_after_its_last_day_it_is_not_sent_any_more(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    head(web, placed, first=TODAY - timedelta(days=10), days=7)
    told = ask(placed.port).headers
    assert "cache-control" not in told
    assert told["x-frame-options"] == "SAMEORIGIN"
    assert f"until {TODAY - timedelta(days=3)}" in placed.file.read_text()


def test_a_later_upgrade_puts_its_own_in_the_place_of_the_old(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    original = placed.file.read_text()
    head(web, placed, first=TODAY - timedelta(days=20))
    head(web, placed)
    text = placed.file.read_text()
    assert text.count("map $time_iso8601") == 2
    assert str(TODAY - timedelta(days=13)) not in text
    assert nginx_header.without(text) == original


def test_one_that_nginx_refuses_is_taken_back(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    before = web.picture()
    with pytest.raises(SiteFailed):  # more days than a word may be long
        change(web, placed, Header("main", TODAY, TODAY + timedelta(days=500), secure=False))
    assert web.picture() == before
    assert ask(placed.port).body == "old"


@pytest.fixture
def ctx(web: NginxHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What a step sees, with a real journal and restore point."""
    for name, value in web.environment.items():
        monkeypatch.setenv(name, value)
    journal = make(tmp_path / "r1", ("append", Word(file="x", word="x")))
    tools = SimpleNamespace(pages=Sites(web.home), point=RestorePoint(journal, "r1", []))
    yield SimpleNamespace(tools=tools, seq=journal.steps()[0].seq)
    journal.close()


def test_the_step_can_be_repeated_and_undone_from_every_half(ctx: Any, web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    before = web.picture()
    file = placed.site.file
    params = SiteHeader(instance="main", server="nginx", site="comindwaremain", file=file, seconds=7 * 86400)
    site_header.do(params, ctx)
    once = placed.file.read_bytes()
    site_header.do(params, ctx)
    assert placed.file.read_bytes() == once
    assert AGAIN in ask(placed.port).headers.items()
    site_header.undo(params, ctx)
    site_header.undo(params, ctx)
    assert web.picture() == before
    assert "cache-control" not in ask(placed.port).headers
