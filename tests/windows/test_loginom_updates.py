"""Updates inside a major version: the installer lays the new version over the old one, settings and data stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers import msi
from support import loginom_packages
from support.loginom_host import NAME, NEW_DATA, NEW_PLACES, OLD_DATA, OLD_PLACES, LoginomHost

pytestmark = [pytest.mark.slow, pytest.mark.full]


@pytest.mark.parametrize(
    ("old", "new", "places", "data"),
    [
        pytest.param("6.5.0", "6.5.1", OLD_PLACES, OLD_DATA, id="inside 6"),
        pytest.param("7.0.0", "7.1.0", NEW_PLACES, NEW_DATA, id="inside 7"),
    ],
)
def test_an_update_and_its_way_back(
    prefix: Path, tmp_path: Path, built: Path, old: str, new: str, places: tuple[str, ...], data: str
) -> None:
    host = LoginomHost(prefix, tmp_path / "home", built)
    host.install(old, keeps=True)
    host.define(*(loginom_packages.server(version, built, keeps=True) for version in (old, new)))
    whole, products = host.snapshot(places), msi.products()
    up = ("upgrade", NAME, "--to", new, "--yes", "--probation", "0")

    def is_old() -> None:
        assert host.web().startswith(f"Studio {old}")
        assert host.server().startswith(f"Loginom {old}.0\nИван, Мария")
        assert host.snapshot(places) == whole
        assert msi.products() == products

    for point in ("install-package.installed", "windows-service.started@4"):
        failed = host.smena(*up, faults=f"{point}=error", seconds=120)
        assert failed.status == 1, point + failed.out + failed.err
        is_old()
    host.called(*up)
    assert host.web().startswith(f"Studio {new}")
    assert host.server().startswith(f"Loginom {new}.0\nИван, Мария")  # on its own port: its settings are as they were
    after, place = host.snapshot(places), next(one for one in places if data.startswith(one))
    for name, entry in whole[place].items():
        if "UserStorage" in name or name.endswith(("Settings.cfg", "Users.cfg", "GnClient.ini")):
            assert after[place][name] == entry, name
    host.called("rollback", NAME, "--yes")
    is_old()
