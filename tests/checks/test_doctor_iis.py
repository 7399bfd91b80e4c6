"""What the doctor says of IIS: where it is missing, where it may not be read, where it is shared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.host import drives, programs
from smena.service.doctor.finding import Finding
from smena.service.doctor.iis import iis
from smena.service.doctor.scene import Scene
from support.windows.iis.world import IisWorld, empty_prefix


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IisWorld]:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv(drives.VARIABLE, str(prefix))
    made = IisWorld(tmp_path, prefix)
    monkeypatch.setattr(programs, "run", made.run)
    yield made
    drives.forget()


def said(host: IisWorld) -> dict[str, Finding]:
    return {finding.topic: finding for finding in iis(Scene(host.home))}


def test_it_is_there_and_its_own(host: IisWorld) -> None:
    found = said(host)
    assert {one.state for one in found.values()} == {"ok"}
    assert "Default Web Site" in str(found["iis.configuration"].found)


def test_it_is_missing(host: IisWorld) -> None:
    (host.standin.folder / "appcmd.exe").unlink()
    (finding,) = said(host).values()
    assert finding.state == "missing"
    assert "Install-WindowsFeature Web-Server" in str(finding.hint)


def test_it_may_not_be_read(host: IisWorld) -> None:
    host.standin.trouble(denied=True)
    assert said(host)["iis.configuration"].state == "wrong"


def test_others_use_its_configuration(host: IisWorld) -> None:
    shared = '<configuration><configurationRedirection enabled="true" path="\\\\srv\\iis"/></configuration>'
    host.standin.redirection.write_text(shared, "utf-8")
    found = said(host)["iis.configuration"]
    assert (found.state, r"\\srv\iis" in str(found.found)) == ("wrong", True)


def test_nobody_asks_on_linux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(drives.VARIABLE, raising=False)
    drives.forget()
    assert list(iis(Scene(tmp_path))) == []
