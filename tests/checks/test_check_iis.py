"""What is asked of IIS before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from smena.checks.before import iis as check
from smena.checks.check import Finding
from smena.host import drives, programs
from smena.plan.params import ServiceSpec
from smena.plan.world import SiteSpec, World
from support.windows import comindware
from support.windows.iis.world import IisWorld, empty_prefix


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IisWorld]:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv(drives.VARIABLE, str(prefix))
    made = IisWorld(tmp_path, prefix)
    comindware.site(made, "N", 8085)
    monkeypatch.setattr(programs, "run", made.run)
    yield made
    drives.forget()


def world(pools: tuple[str, ...] = ("Comindware N",), **site: Any) -> World:
    known = {"server": "iis", "url": "http://n/", "probe": "http://127.0.0.1:8085/", "name": "Comindware N", **site}
    return World(
        instance="N",
        product="x",
        platform="windows",
        version="1",
        services=tuple(ServiceSpec(name=pool, pool=pool) for pool in pools),
        site=SiteSpec(**known),
    )


def asked(host: IisWorld, of: World) -> list[Finding]:
    scene: Any = SimpleNamespace(home=host.home, measure=lambda: of)
    return list(check.ask({}, scene))


def accepted_by(findings: list[Finding]) -> list[str | None]:
    assert all(finding.blocking for finding in findings)
    return [finding.accept for finding in findings]


def test_an_instance_of_its_own_is_no_finding(host: IisWorld) -> None:
    assert asked(host, world()) == []


def test_a_site_that_is_not_started_is_told(host: IisWorld) -> None:
    host.appcmd("stop", "site", "/site.name:Comindware N")
    assert accepted_by(asked(host, world())) == ["site-down"]


def test_a_pool_that_others_use_is_told_with_their_names(host: IisWorld) -> None:
    host.appcmd("set", "app", "/app.name:Default Web Site/", "/applicationPool:Comindware N")
    findings = asked(host, world())
    assert accepted_by(findings) == ["pool-shared"]
    assert "Default Web Site/" in str(findings[0].text)


def test_a_pool_of_one_place_in_a_site_of_others_is_its_own(host: IisWorld) -> None:
    site, folder = "/site.name:Default Web Site", "/physicalPath:C:\\lgi"
    host.appcmd("add", "apppool", "/name:LGI_POOL")
    host.appcmd("add", "app", site, "/path:/lgi", folder)
    host.appcmd("set", "app", "/app.name:Default Web Site/lgi", "/applicationPool:LGI_POOL")
    part = world(("LGI_POOL",), name="Default Web Site", application="lgi")
    assert asked(host, part) == []
    host.appcmd("set", "app", "/app.name:Default Web Site/", "/applicationPool:LGI_POOL")
    assert accepted_by(asked(host, part)) == ["pool-shared"]


def test_shared_configuration_is_a_risk_with_a_name(host: IisWorld) -> None:
    shared = '<configuration><configurationRedirection enabled="true" path="\\\\farm\\iis" /></configuration>'
    host.standin.redirection.write_text(shared, "utf-8")
    findings = asked(host, world())
    assert accepted_by(findings) == ["iis-shared-configuration"]
    assert "\\\\farm\\iis" in str(findings[0].text)


@pytest.mark.parametrize(
    "changes",
    [{"name": "nobody"}, {"application": "/nowhere"}],
)
def test_what_is_not_there_cannot_be_accepted(host: IisWorld, changes: dict[str, Any]) -> None:
    assert accepted_by(asked(host, world(**changes))) == [None]


def test_a_pool_that_is_not_there_and_no_right_cannot_be_accepted(host: IisWorld) -> None:
    assert accepted_by(asked(host, world(("nobody",)))) == [None]
    host.standin.trouble(denied=True)
    findings = asked(host, world())
    assert accepted_by(findings) == [None]
    assert "administrator" in str(findings[0].hint)
