"""smena itself on Windows, with Loginom behind IIS: `appcmd` is called by a Windows program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support import loginom_packages
from support.loginom_host import ACCEPT, NAME
from support.loginom_iis import LGI, STUDIO
from support.loginom_native import NativeBehindIis

_ACCEPTED = [word for name in (*ACCEPT, "runtime-out-of-support", "iis-restarts") for word in ("--accept", name)]
_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1", *_ACCEPTED]


@pytest.fixture
def host(scheduler: Path, tmp_path: Path, built: Path) -> Iterator[NativeBehindIis]:
    made = NativeBehindIis(tmp_path, scheduler, built)
    made.install("6.5.0")
    made.software()
    made.define(
        loginom_packages.server("6.5.0", built),
        loginom_packages.server("7.1.0", built, removes_6=True),
        loginom_packages.integrator("6.5.0", built),
        loginom_packages.integrator("7.1.0", built, removes_6=True),
    )
    yield made
    made.close()


@pytest.mark.full
def test_from_6_to_7_and_back(host: NativeBehindIis) -> None:
    before, of_iis = host.as_windows_sees_it(), host.iis()
    host.called(*_UP)
    folders = {one.name: one.path for one in host.world.iis.folders()}
    assert folders[STUDIO] == r"C:\Program Files\Loginom\Client"
    assert folders[f"{LGI}/"] == r"C:\Program Files\Loginom\Integrator"
    assert "<wsdl:definitions/> Integrator 7.1.0" in host.served
    host.called("rollback", NAME, "--yes")
    assert host.iis() == of_iis
    assert host.as_windows_sees_it() == before
