"""The maintenance page in front of a real nginx: what users see, and what lies on the disk at every instant."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.drivers.nginx import Nginx
from smena.drivers.nginx_pages import NginxPages
from smena.errors import SiteUnreadable
from smena.text import plain
from support.death import die, points
from support.need import need
from support.nginx_host import Behind, Client, Family, NginxHost, ask, certificate, need_nginx

FAMILIES: list[Family] = ["debian", "rpm", "alt"]


@pytest.fixture
def behind() -> Iterator[Behind]:
    made = Behind()
    yield made
    made.close()


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[list[NginxHost]]:
    """Every nginx in this list ends with the test."""
    need_nginx()
    made: list[NginxHost] = []
    yield made
    for host in made:
        host.close()


@pytest.fixture
def web(hosts: list[NginxHost], tmp_path: Path) -> NginxHost:
    hosts.append(NginxHost(tmp_path))
    return hosts[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_client_sees_the_old_the_page_and_the_new_and_nothing_else(
    family: Family, hosts: list[NginxHost], tmp_path: Path, behind: Behind
) -> None:
    host = NginxHost(tmp_path, family)
    hosts.append(host)
    placed = host.add("main", behind.port)
    host.start()
    before = host.picture()
    with Client(placed.port) as client:
        while not client.seen:
            pass
        host.pages.up(placed.site)
        behind.words = "wrong: this must not be seen"
        host.pages.up(placed.site)
        pages = client.seen["page"]
        while client.seen["page"] < pages + 20:
            pass
        behind.words = "new"
        host.pages.down(placed.site)
        host.pages.down(placed.site)
        while not client.seen["200 new"]:
            pass
    assert set(client.seen) == {"200 old", "page", "200 new"}  # never what the product said behind the page
    assert (client.order[0], client.order[-1]) == ("200 old", "200 new")
    assert host.picture() == before
    assert list((host.home / "pages").iterdir()) == []


def test_the_page_is_friendly_in_two_languages_for_every_request(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    web.pages.up(placed.site)
    for path, method in [("/", "GET"), ("/deep/er?x=$y", "POST"), ("/aa;", "GET")]:
        answer = ask(placed.port, path, method=method)
        assert (answer.status, answer.headers["retry-after"]) == (503, "77")
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert "being upgraded" in answer.body
        assert "Система обновляется" in answer.body


def test_a_request_that_was_begun_is_answered_before_the_page_stands(web: NginxHost, behind: Behind) -> None:
    """After the page comes the stop: whoever was being answered would be cut off."""
    placed = web.add("main", behind.port)
    web.start()
    assert ask(placed.port).body == "old"
    behind.takes = 0.6
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(ask(placed.port).body))
    asking.start()
    time.sleep(0.2)
    web.pages.up(placed.site)
    behind.takes = 0
    asking.join(0.2)
    assert answers == ["old"]
    assert ask(placed.port).status == 503


def test_two_homes_share_the_servers_lock(web: NginxHost, tmp_path: Path) -> None:
    need(os.geteuid() == 0, "root")
    other = Nginx(tmp_path / "other", web.program)
    with web.nginx.turn(plain("one")):
        busy = other.busy()
        assert busy is not None
        assert "one" in str(busy.why[0])


def test_where_the_site_is_linked_its_own_file_is_never_touched(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.start()
    info = placed.file.stat()
    web.pages.up(placed.site)
    web.pages.down(placed.site)
    after = placed.file.stat()
    assert (after.st_ino, after.st_mtime_ns, after.st_ctime_ns) == (info.st_ino, info.st_mtime_ns, info.st_ctime_ns)


def test_what_others_need_of_a_site_stays_while_the_page_is_up(web: NginxHost, behind: Behind) -> None:
    placed, other = web.add("main", behind.port), web.add("other", behind.port)
    other.file.write_text(other.file.read_text().replace("http://up_other", "http://up_main"))
    web.start()
    web.pages.up(placed.site)
    assert ask(placed.port).status == 503
    assert ask(other.port).body == "old"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("http { server { listen 127.0.0.1:1; } }", "http"),
        ("include elsewhere/*.conf;\nserver { listen 127.0.0.1:9; }", "include"),
        ("# nothing\n", "no server"),
        ("server { content_by_lua_block { ngx.say('}') } }", "content_by_lua_block"),
        ("server { listen 9;", "server"),
        ("server { listen '9; }", "9; }"),
        ("server { listen 9; } }", "}"),
    ],
)
def test_what_cannot_be_taken_apart_is_refused_by_name(text: str, what: str) -> None:
    from smena.drivers.nginx_page import page

    with pytest.raises(SiteUnreadable) as refused:
        page(text, "/etc/nginx/x", Path("/etc/nginx"), "main", 9)
    assert what in " ".join([str(refused.value), *map(str, refused.value.why)])


def test_two_instances_at_once(web: NginxHost, behind: Behind) -> None:
    """Each turns its page up and down on its own; what the other does is never seen."""
    placed = [web.add(name, behind.port) for name in ("one", "two")]
    web.start()
    before, failed = web.picture(), []

    def rounds(number: int) -> None:
        pages = NginxPages(web.home, web.nginx)
        try:
            for _round in range(4):
                pages.up(placed[number].site)
                assert ask(placed[number].port).status == 503
                pages.down(placed[number].site)
                assert ask(placed[number].port).body == "old"
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)

    with Client(placed[0].port) as first, Client(placed[1].port) as second:
        threads = [threading.Thread(target=rounds, args=(number,)) for number in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []
    assert set(first.seen) | set(second.seen) == {"200 old", "page"}
    assert web.picture() == before


def test_an_nginx_that_does_not_run_begins_with_the_page(web: NginxHost, behind: Behind) -> None:
    placed = web.add("main", behind.port)
    web.pages.up(placed.site)
    web.start()
    assert ask(placed.port).status == 503
    web.pages.down(placed.site)
    assert ask(placed.port).body == "old"


def test_https_keeps_its_certificate_also_where_it_is_included(web: NginxHost, behind: Behind) -> None:
    certificate(web.folder)
    (web.folder / "tls.inc").write_text("ssl_certificate crt.pem;\nssl_certificate_key key.pem;\n")
    placed = web.add("main", behind.port, listen="127.0.0.1:{port} ssl", inner="    include tls.inc;")
    web.start()
    before = web.picture()
    assert ask(placed.port, secure=True).body == "old"
    web.pages.up(placed.site)
    assert ask(placed.port, secure=True).status == 503
    web.pages.down(placed.site)
    assert ask(placed.port, secure=True).body == "old"
    assert web.picture() == before


@pytest.mark.parametrize("family", ["debian", "rpm"])
def test_death_at_every_instant_leaves_the_site_or_the_page(
    family: Family, hosts: list[NginxHost], tmp_path: Path, behind: Behind
) -> None:
    host = NginxHost(tmp_path, family)
    hosts.append(host)
    placed = host.add("main", behind.port)
    host.start()
    before = host.picture()
    code = f"""
        from pathlib import Path
        from smena.drivers.nginx import Nginx
        from smena.drivers.nginx_pages import NginxPages, Site
        pages = NginxPages(Path({str(host.home)!r}), Nginx(Path({str(host.home)!r}), {host.program!r}))
        site = Site(instance="main", name="comindwaremain", file={placed.site.file!r}, retry_after=77)
        pages.up(site)
        pages.down(site)
    """
    points(code, tmp_path / "points")  # the first time makes folders that stay
    every = points(code, tmp_path / "points")
    assert host.picture() == before
    assert {"nginx.registered@1", "nginx.exchanged@1", "nginx.put-back@1", "nginx.opened@1"} <= set(every)
    for point in every:
        die(code, point)
        host.nginx.configuration()  # a host that boots now finds a configuration that works
        assert placed.read_as.read_bytes() in (placed.file.read_bytes(), before[str(placed.file)][0]) or (  # type: ignore[index]
            ask(placed.port).status in (200, 503)
        )
        host.pages.up(placed.site)
        assert ask(placed.port).status == 503, point
        host.pages.down(placed.site)
        assert host.picture() == before, point
        assert ask(placed.port).body == "old", point
        assert not list((host.home / "pages").glob("[!.]*")), point
