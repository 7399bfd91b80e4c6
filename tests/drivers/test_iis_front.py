"""What users and checks meet at a site of IIS while it is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from smena.checks.after import http as check
from smena.drivers.iis_header import IisHeaders
from smena.drivers.iis_pages import Closing, IisPages
from smena.drivers.ports import Service
from smena.host import drives, http
from support.windows.iis.front import OUTSIDE, Front
from support.windows.iis.world import IisWorld, empty_prefix

SERVICE = Service(instance="N", name="platform", pool="N")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IisWorld:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv(drives.VARIABLE, str(prefix))
    (prefix / "drive_c/N").mkdir()
    return IisWorld(tmp_path, prefix)


@pytest.fixture
def front(world: IisWorld) -> Iterator[Front]:
    made = Front(world.standin, lambda pool, folder: f"{pool} {folder.name}".encode())
    world.appcmd("add", "apppool", "/name:N")
    world.appcmd("add", "site", "/name:N", "/physicalPath:C:\\N", f"/bindings:http/*:{made.port}:")
    world.appcmd("set", "app", "/app.name:N/", "/applicationPool:N")
    yield made
    made.close()


def asked(front: Front) -> tuple[int, int]:
    """What users are answered, and what the checks are."""
    return tuple(http.ask(f"http://{host}:{front.port}/").status for host in (OUTSIDE, "127.0.0.1"))  # type: ignore[return-value]


def test_users_stay_outside_until_the_site_is_opened(world: IisWorld, front: Front) -> None:
    pages = IisPages(world.home, world.iis)
    closing = Closing(instance="N", site="N", probe=f"http://127.0.0.1:{front.port}/")
    assert asked(front) == (200, 200)
    pages.up(closing)
    assert asked(front) == (503, 200)
    world.pools.stop(SERVICE)
    assert asked(front) == (503, 503)
    assert world.iis.workers("N") == ()
    world.pools.start(SERVICE)
    assert asked(front) == (503, 200)
    pages.down(closing)
    assert asked(front) == (200, 200)


def test_a_header_never_breaks_a_place_that_sets_its_own(world: IisWorld, front: Front) -> None:
    header = '<add name="Clear-Site-Data" value="*" />'
    (world.prefix / "drive_c/N/web.config").write_text(
        f"<configuration><system.webServer><httpProtocol><customHeaders>{header}</customHeaders></httpProtocol>"
        "</system.webServer></configuration>",
        "utf-8",
    )
    IisHeaders(world.home, world.iis).put("N", "N/", date(2040, 1, 1), secure=True)
    assert asked(front) == (200, 200)
    IisHeaders(world.home, world.iis).put("N", "N/", date(2040, 1, 1), secure=False)
    assert asked(front) == (200, 200)


def test_a_web_config_that_iis_cannot_read_is_seen_by_the_one_request_after_it(world: IisWorld, front: Front) -> None:
    (world.prefix / "drive_c/N/web.config").write_text("<configuration>", "utf-8")
    answer = http.ask(f"http://127.0.0.1:{front.port}/")
    assert (answer.status, "500.19" in answer.body) == (500, True)


def test_the_check_after_a_hop_names_what_iis_cannot_read(world: IisWorld, front: Front) -> None:
    (world.prefix / "drive_c/N/web.config").write_text("<configuration>", "utf-8")
    question = {"url": f"http://127.0.0.1:{front.port}/", "within": 0.1}
    (finding,) = check.ask(question, None)  # type: ignore[arg-type]
    assert finding.blocking
    assert "web.config" in str(finding.hint)
