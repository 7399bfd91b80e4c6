"""Whole upgrades of the stand-in behind a real nginx, through the command line: what users see, what is left."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.nginx_host import Client, Family, NginxHost, Placed, ask, need_nginx
from support.upgrade_fixtures import MakeHost, make_host, stock  # noqa: F401 - fixtures
from support.upgrade_host import ACCEPT, NAME, UpgradeHost

_SITE = "    site: {server: none, url: 'http://127.0.0.1:${settings.port}/', probe: 'http://127.0.0.1:${settings.port}/health'}"
_OPEN = "    - {await-http: {url: '${site.probe}', within: 1m}}\n  change-version-and-caches:"


class Both:
    """An instance and the nginx before it."""

    def __init__(self, make: MakeHost, folder: Path, family: Family) -> None:
        self.web = NginxHost(folder, family)
        self.placed: Placed = self.web.add(NAME, 1)
        site = (
            f"    site: {{server: nginx, name: 'comindware${{name}}', url: 'http://127.0.0.1:{self.placed.port}/',"
            f" probe: 'http://127.0.0.1:${{settings.port}}/health', file: '{self.placed.site.file}'}}"
        )
        head = _OPEN.replace("  change-version-and", "    - {site-header: {for: 7d}}\n  change-version-and")
        self.host: UpgradeHost = make(
            "4.7.2",
            changes={
                _SITE: site,
                _OPEN: head,
                "http: {url: '${site.url}'": "http: {url: 'http://127.0.0.1:${settings.port}/'",
            },
        )
        text = self.placed.file.read_text().replace("127.0.0.1:1;", f"127.0.0.1:{self.host.port};")
        self.placed.file.write_text(text)
        self.web.start()
        self.host.start()
        self.env = {"SMENA_NGINX": " ".join(self.web.program), "PATH": self.web.environment["PATH"]}

    def close(self) -> None:
        self.web.close()


@pytest.fixture(params=["debian", "rpm"])
def both(request: pytest.FixtureRequest, make_host: MakeHost, tmp_path: Path) -> Iterator[Both]:  # noqa: F811
    need_nginx()
    made = Both(make_host, tmp_path, request.param)
    yield made
    made.close()


def versions(client: Client) -> set[str]:
    """What was seen, each answer of the product told by its version."""
    return {next((v for v in ("4.7.2", "4.7.3") if v in what), what) for what in client.seen}


def test_users_see_the_old_the_page_and_the_new_and_a_rollback_puts_the_site_back(both: Both) -> None:
    before = both.web.picture()
    with Client(both.placed.port, "/health") as client:
        called = both.host.upgrade("4.7.3", **both.env)
        time.sleep(0.2)
    assert (called.status, called.value["state"]) == (0, "final"), called.err + called.out
    assert versions(client) == {"4.7.2", "page", "4.7.3"}
    assert ask(both.placed.port).headers["cache-control"].endswith("no-cache, must-revalidate")
    back = both.host.smena("rollback", NAME, "--yes", people=False, **both.env)
    assert back.status == 0, back.err + back.out
    assert both.web.picture() == before
    assert "4.7.2" in ask(both.placed.port, "/health").body


def test_a_hop_that_fails_takes_the_page_away_again(both: Both) -> None:
    before = both.web.picture()
    both.host.faults({"version": "4.7.3", "no-start": True})
    with Client(both.placed.port, "/health") as client:
        called = both.host.upgrade("4.7.3", **both.env)
        time.sleep(0.2)
    assert called.status != 0
    assert both.web.picture() == before
    assert versions(client) == {"4.7.2", "page"}


def test_a_broken_configuration_is_refused_before_anything_changes(both: Both) -> None:
    name = "x.conf"
    (both.web.folder / both.web.enabled / name).write_text("server { listen 1.2.3.4.5; }\n")
    before = both.web.picture()
    called = both.host.upgrade("4.7.3", *ACCEPT, **both.env)
    assert called.status == 3
    assert any("nginx" in why for why in called.error["why"]), called.error
    assert both.web.picture() == before
    assert "4.7.2" in ask(both.placed.port, "/health").body


def test_a_site_of_the_same_name_elsewhere_is_named(both: Both) -> None:
    other = both.web.folder / "more"
    other.mkdir()
    (other / f"comindware{NAME}").write_text("server { listen 127.0.0.1:9; }\n")
    text = both.web.main.read_text().replace("    include ", "    include more/*;\n    include ", 1)
    both.web.main.write_text(text)
    called = both.host.upgrade("4.7.3", **both.env)
    assert called.status == 3
    assert any("another site" in why for why in called.error["why"]), called.error
