"""Loginom behind IIS, with Integrator: from 6.5 to 7.1 and back, with a stand-in of IIS below Wine.

The installer of Integrator sets its application up in IIS itself and takes it away with its pool, as the worst of
installers may: what the administrator had set there has to come back all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.drivers import msi
from support import loginom_packages
from support.loginom_host import ACCEPT, NAME
from support.loginom_iis import LGI, NEW_CONFIG, OLD_CONFIG, POOL, STUDIO, LoginomBehindIis

pytestmark = pytest.mark.slow

_ACCEPTED = [word for name in (*ACCEPT, "runtime-out-of-support", "iis-restarts") for word in ("--accept", name)]
_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1", *_ACCEPTED]


@pytest.fixture
def host(prefix: Path, tmp_path: Path, built: Path) -> Iterator[LoginomBehindIis]:
    made = LoginomBehindIis(tmp_path, prefix, built)
    made.install("6.5.0")
    yield made
    made.close()


def _define(host: LoginomBehindIis, built: Path) -> None:
    host.software()
    host.define(
        loginom_packages.server("6.5.0", built),
        loginom_packages.server("7.1.0", built, removes_6=True),
        loginom_packages.integrator("6.5.0", built),
        loginom_packages.integrator("7.1.0", built, removes_6=True),
    )


def test_a_failure_late_in_the_way(host: LoginomBehindIis, built: Path) -> None:
    """7 works behind IIS, its checks have passed; then it fails. IIS and the files are as they were; what
    somebody else has set there meanwhile stays."""
    _define(host, built)
    host.world.appcmd("add", "site", "/name:Portal", r"/physicalPath:C:\portal old", "/bindings:http/*:1:")
    whole, products, of_iis = host.snapshot(), msi.products(), host.iis()
    host.meanwhile = lambda: host.world.appcmd("set", "vdir", "/vdir.name:Portal/", r"/physicalPath:C:\portal new")
    failed = host.smena(*_UP, faults="hold.given-back@3=error")
    assert failed.status == 1, failed.out + failed.err
    assert "Studio: client of 7.1.0" in host.served
    assert "<wsdl:definitions/> Integrator 7.1.0" in host.served
    assert host.iis() == [line.replace(r"C:\portal old", r"C:\portal new") for line in of_iis]
    assert host.snapshot() == whole
    assert msi.products() == products
    assert 'timeout="600"' in (host.drive / OLD_CONFIG).read_text("utf-8")


@pytest.mark.full
def test_from_6_to_7_and_back(host: LoginomBehindIis, built: Path) -> None:
    _define(host, built)
    whole, products, of_iis = host.snapshot(), msi.products(), host.iis()
    plan = host.called("plan", NAME, "--to", "7.1", *_ACCEPTED).out
    assert r"Change the physical path of the virtual directory" in plan
    host.called(*_UP)
    folders = {one.name: one.path for one in host.world.iis.folders()}
    assert folders[STUDIO] == r"C:\Program Files\Loginom\Client"
    assert folders[f"{LGI}/"] == r"C:\Program Files\Loginom\Integrator"
    config = (host.drive / NEW_CONFIG).read_text("utf-8")
    assert 'urlPathPrefix="Service.svc"' in config
    assert '<server address="srv.example" port="4580" timeout="600" />' in config
    assert host.world.iis.pool(POOL).state == "Started"
    host.called("rollback", NAME, "--yes")
    assert host.iis() == of_iis
    assert host.snapshot() == whole
    assert msi.products() == products


def test_an_integrator_of_another_version(host: LoginomBehindIis, built: Path) -> None:
    """One that runs beside the server, one that is at hand: both are refused before any change, and so is a host
    without what Integrator 7 needs."""
    host.define(
        loginom_packages.server("6.5.0", built),
        loginom_packages.server("7.1.0", built, removes_6=True),
        loginom_packages.integrator("7.0.0", built),
    )
    refused = host.smena(*_UP)
    assert refused.status == 3
    assert "there is no package of integrator 7.1.0" in refused.err
    host.called("release", "add", str(loginom_packages.integrator("7.1.0", built)), "--product", "loginom-server")
    host.msiexec("/i", loginom_packages.integrator("6.5.1", built))
    before = host.snapshot(), msi.products(), host.iis()
    refused = host.smena(*_UP)
    assert refused.status == 3, refused.out + refused.err
    said = refused.out + refused.err
    assert "Loginom Integrator is 6.5.1, and 6.5" in said
    assert "ASP.NET Core Runtime 6.0 (for Integrator 7) is not there" in said
    assert "Hosting Bundle (for Integrator 7 in IIS) is not there" in said
    assert "https://dotnet.microsoft.com/download/dotnet/6.0" in said
    assert (host.snapshot(), msi.products(), host.iis()) == before


@pytest.mark.full
def test_no_right_to_change_iis(host: LoginomBehindIis, built: Path) -> None:
    _define(host, built)
    before = host.snapshot(), msi.products(), host.iis()
    host.world.standin.trouble(denied_writes=True)
    failed = host.smena(*_UP)
    assert failed.status == 1, failed.out + failed.err
    host.world.standin.trouble()
    assert "Access is denied" in host.called("run", "show").out
    assert (host.snapshot(), msi.products(), host.iis()) == before
    assert host.server().startswith("Loginom 6.5.0.0\nИван, Мария")
