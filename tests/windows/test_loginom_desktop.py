"""Loginom on one's own computer: 7 over 6.5, its shortcut in the place of the old one, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers import msi
from support import trees
from support.loginom_desktop import NAME, PLACES, USERS, LoginomDesktop, desktop

pytestmark = [pytest.mark.slow, pytest.mark.full]

_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "0"]
_UP += [
    word for name in ("new-licence-keys", "old-version-removed", "licence-not-measured") for word in ("--accept", name)
]
SIX, SEVEN = (
    r"C:\Program Files\BaseGroup\Loginom 6\Personal\Loginom.exe",
    r"C:\Program Files\Loginom\Personal\Loginom.exe",
)


@pytest.fixture
def host(prefix: Path, tmp_path: Path, built: Path) -> LoginomDesktop:
    made = LoginomDesktop(prefix, tmp_path / "home", built)
    made.install("6.5.0")
    return made


def _all(host: LoginomDesktop) -> dict[str, dict[str, trees.Entry]]:
    """All but the shortcut, which an installer makes anew: where that leads is asked for itself."""
    return {
        place: {name: entry for name, entry in found.items() if not name.endswith(".lnk")}
        for place, found in host.snapshot(PLACES).items()
    }


def test_over_the_old_one_and_back(host: LoginomDesktop, built: Path) -> None:
    assert host.shortcut() == SIX
    host.define(desktop("6.5.0", built), desktop("7.1.0", built, restarts=True))
    whole, products = _all(host), msi.products()
    failed = host.smena(*_UP, faults="install-package.installed=error")
    assert failed.status == 1, failed.out + failed.err
    assert (_all(host), msi.products(), host.shortcut()) == (whole, products, SIX)
    host.called(*_UP)
    assert "Windows wants to be restarted" in host.called("run", "show").out
    assert list(msi.products().values()) == ["Loginom Personal 7.1.0 7.1.0"]
    assert host.shortcut() == SEVEN
    assert _all(host)[USERS] == whole[USERS]
    assert (host.prefix / "drive_c/ProgramData/Loginom/personal/GnClient.ini").exists()
    host.called("rollback", NAME, "--yes")
    assert (_all(host), msi.products(), host.shortcut()) == (whole, products, SIX)


def test_an_installer_that_fails(host: LoginomDesktop, built: Path) -> None:
    host.define(desktop("6.5.0", built), desktop("7.1.0", built, fails=True))
    whole, products = _all(host), msi.products()
    failed = host.smena(*_UP)
    assert failed.status == 1, failed.out + failed.err
    assert (_all(host), msi.products(), host.shortcut()) == (whole, products, SIX)
