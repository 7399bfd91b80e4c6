"""An application and its pool as values: what an installer did to them is set back, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers import iis_apps
from support.windows.iis.world import IisWorld, empty_prefix

APP, POOL = "Default Web Site/lgi", "LGI_POOL"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IisWorld:
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv("SMENA_WINE", str(prefix))
    made = IisWorld(tmp_path, prefix)
    made.appcmd("add", "apppool", f"/name:{POOL}")
    made.appcmd("add", "app", "/site.name:Default Web Site", "/path:/lgi", r"/physicalPath:C:\six")
    made.appcmd("set", "app", f"/app.name:{APP}", f"/applicationPool:{POOL}")
    made.appcmd("set", "apppool", f"/apppool.name:{POOL}", "/processModel.identityType:NetworkService")
    return made


def iis(world: IisWorld) -> list[str]:
    lists = (
        world.appcmd("list", kind, *more, "/xml") for kind, *more in (("apppool", "/config:*"), ("vdir",), ("app",))
    )
    return [line for told in lists for line in sorted(told.splitlines())]


@pytest.mark.parametrize(
    "harm",
    [
        [],
        [("set", "vdir", f"/vdir.name:{APP}/", r"/physicalPath:C:\seven")],
        [("delete", "app", f"/app.name:{APP}")],
        [("delete", "app", f"/app.name:{APP}"), ("delete", "apppool", f"/apppool.name:{POOL}")],
        [("set", "app", f"/app.name:{APP}", "/applicationPool:DefaultAppPool")],
        [("set", "apppool", f"/apppool.name:{POOL}", "/processModel.identityType:LocalSystem")],
    ],
    ids=["nothing", "its folder", "the application", "both", "its pool", "an account"],
)
def test_everything_is_set_back(world: IisWorld, harm: list[tuple[str, ...]]) -> None:
    before, values = iis(world), iis_apps.values(world.iis, APP, POOL)
    for words in harm:
        world.appcmd(*words)
    for _time in range(2):
        iis_apps.set_so(world.iis, APP, POOL, values)
        assert iis(world) == before
    changes = [call for call in world.calls if call[0] in ("set", "add")]
    assert bool(changes) == bool(harm), "what is so already is not touched"


def test_no_password_is_read(world: IisWorld) -> None:
    """IIS shows it to an administrator in the clear."""
    world.appcmd("set", "apppool", f"/apppool.name:{POOL}", "/processModel.password:s3cret")
    assert "s3cret" not in str(iis_apps.values(world.iis, APP, POOL))


def test_what_is_not_there_has_no_values(world: IisWorld) -> None:
    assert iis_apps.values(world.iis, "Default Web Site/none", "none") == {}
