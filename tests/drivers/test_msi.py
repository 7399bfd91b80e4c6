"""What the Windows installer is told, and what its exit statuses mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers import msi
from smena.errors import InstallerBusy, InstallerFailed, InstallerRefused
from smena.host import programs

_CODE = "{60CEC0D6-F0F3-5EC0-A0F6-F457E50CB290}"


def test_the_command_line_of_an_installation() -> None:
    job = msi.Job(
        action="/i",
        what=r"C:\Пакеты\LoginomTeam 7.msi",
        features=("Server", "Studio"),
        properties={"SERVER_PORT": "4580", "INSTALLDIR": r"D:\Own place" + "\\"},
        log=Path(r"C:\smena\38.log"),
    )
    assert programs.line(msi.command(job)) == (
        r'msiexec /i "C:\Пакеты\LoginomTeam 7.msi" /qn /norestart REBOOT=ReallySuppress'
        r" MSIRESTARTMANAGERCONTROL=Disable ALLUSERS=1 ADDLOCAL=Server,Studio SERVER_PORT=4580"
        r' INSTALLDIR="D:\Own place\\" /l*v C:\smena\38.log'
    )


def test_a_product_is_taken_away_by_its_code() -> None:
    words = msi.command(msi.Job(action="/x", what=_CODE, log=Path("x.log")))
    assert words[:3] == ["msiexec", "/x", _CODE]


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        (1603, InstallerFailed, "failed"),
        (1605, InstallerRefused, "is not installed"),
        (1618, InstallerBusy, "another installation goes on"),
        (1619, InstallerRefused, "cannot open"),
        (1620, InstallerRefused, "is no package"),
        (1625, InstallerRefused, "policy"),
        (1638, InstallerRefused, "another version"),
        (1, InstallerFailed, "failed"),
    ],
)
def test_every_status_has_a_name(status: int, kind: type[Exception], words: str) -> None:
    error = msi.trouble(status, msi.Job(action="/i", what=r"C:\x\Loginom.msi", log=Path("38.log")))
    assert type(error) is kind
    assert words in str(error.message)
    assert "Loginom.msi" in str(error.message)


@pytest.mark.parametrize(("status", "restart"), [(0, False), (3010, True), (1641, True)])
def test_a_restart_that_is_asked_for_is_told(monkeypatch: pytest.MonkeyPatch, status: int, restart: bool) -> None:
    monkeypatch.setattr(programs, "run", lambda *_words, **_more: programs.Outcome(status, "", "", 0.0))
    assert msi.carry_out(msi.Job(action="/i", what="x.msi", log=Path("x.log"))) is restart


def test_another_installation_is_waited_for_and_then_named(monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = [1618, 1618, 0]
    monkeypatch.setattr(programs, "run", lambda *_words, **_more: programs.Outcome(statuses.pop(0), "", "", 0.0))
    monkeypatch.setattr(msi, "_EVERY", 0.01)
    assert msi.carry_out(msi.Job(action="/i", what="x.msi", log=Path("x.log"))) is False
    statuses[:] = [1618] * 9
    with pytest.raises(InstallerBusy):
        msi.carry_out(msi.Job(action="/i", what="x.msi", log=Path("x.log")), patience=0.02)
