"""Real services of a real service manager (Wine's): stopped, started, held, and never killed unasked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smena.drivers import registry, sc, service_accounts, service_keys
from smena.drivers.ports import Service
from smena.drivers.windows_hold import WindowsHolds
from smena.drivers.windows_service import SERVICES, WindowsServices
from smena.errors import InstanceHeld, ServiceFailed, ServiceUnknown, ServiceWillNotStop
from support import loginom_packages, wine

_SERVER = Service(instance="a", name="server", unit="web1", stop_within=15.0, start_within=15.0)


@pytest.fixture
def host(prefix: Path, built: Path) -> Path:
    """Two web servers, the second depends on the first; neither runs."""
    program = loginom_packages.service("6.5.0", built)
    for number in (1, 2):
        folder = prefix / f"drive_c/w{number}/Apache"
        folder.mkdir(parents=True)
        shutil.copy(program, folder / "httpd.exe")
        (folder.parent / "Client").mkdir()
        (folder.parent / "Client/index.html").write_text("x", "ascii")
    wine.wine(prefix, "reg", "add", r"HKLM\SOFTWARE\BaseGroup\Loginom 6", "/v", "WebPort", "/d", "0", "/f")
    sc.create("web1", binPath=r"C:\w1\Apache\httpd.exe", start="auto")
    sc.create("web2", binPath=r"C:\w2\Apache\httpd.exe", start="demand", depend="web1")
    return prefix


def test_a_service_from_start_to_stop(host: Path, tmp_path: Path) -> None:
    services = WindowsServices(tmp_path / "home")
    assert services.state(_SERVER).status == "stopped"
    services.stop(_SERVER)
    services.start(_SERVER)
    state = services.state(_SERVER)
    assert state.status == "running"
    assert state.pid
    services.start(_SERVER)
    assert services.identity(_SERVER) == state.identity
    assert services.describe(_SERVER).command == (r"C:\w1\Apache\httpd.exe",)
    # what depends on it goes with it and comes back with it
    sc.tell("web2", "start")
    services.stop(_SERVER)
    assert services.statuses([_SERVER, Service(instance="a", name="web2")]) == ["stopped", "stopped"]
    services.start(_SERVER)
    assert services.statuses([_SERVER, Service(instance="a", name="web2")]) == ["running", "running"]
    # one that stays in STOP_PENDING is named; Wine's service manager does not see a killed process end
    (host / "drive_c/hang").touch()
    sc.tell("web2", "stop")
    quick = Service(instance="a", name="web2", stop_within=1.0)
    with pytest.raises(ServiceWillNotStop) as caught:
        services.stop(quick)
    assert str(sc.known("web2").pid) in str(caught.value.why[0])


def test_one_that_cannot_start_says_why(host: Path, tmp_path: Path) -> None:
    (host / "drive_c/w1/Client/index.html").unlink()
    services = WindowsServices(tmp_path / "home")
    with pytest.raises(ServiceFailed) as caught:
        services.start(_SERVER)
    assert "19" in str(caught.value.why[0])
    assert services.state(_SERVER).status == "died"
    with pytest.raises(ServiceUnknown):
        services.state(Service(instance="a", name="nobody"))


def test_the_hold(host: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    holds, services = WindowsHolds(home), WindowsServices(home)
    names = ("web1", "web2", "not-there")
    holds.hold("a", names)
    with pytest.raises(InstanceHeld):
        services.start(_SERVER)
    assert sc.tell("web1", "start") == 1058  # nobody else can either
    holds.hold("a", names)
    services.start(_SERVER, permit=True)
    assert services.state(_SERVER).status == "running"
    assert [registry.value(SERVICES + name, "Start") for name in names[:2]] == [4, 4]
    services.stop(_SERVER)
    # an installer makes the service anew: repeated, the hold holds that one too, and gives back what was before
    sc.configure("web2", start="auto")
    holds.hold("a", names)
    assert registry.value(SERVICES + "web2", "Start") == 4
    holds.release("a", names)
    holds.release("a", names)
    assert [registry.value(SERVICES + name, "Start") for name in names[:2]] == [2, 3]
    assert [path for path in home.rglob("*") if path.is_file() and "hold" in str(path)] == []
    services.start(_SERVER)


@pytest.mark.parametrize("account", ["LocalSystem", r"NT AUTHORITY\LocalService", r"NT SERVICE\web1", "DOMAIN\\web$"])
@pytest.mark.parametrize("gone", [True, False], ids=["made anew", "changed"])
def test_an_account_without_a_password_comes_back(host: Path, tmp_path: Path, account: str, gone: bool) -> None:
    del host
    key, kept = SERVICES + "web1", tmp_path / "kept.reg"
    sc.configure("web1", obj=account)
    if account.endswith("$"):
        sc.have_managed("web1")
    registry.keep(key, kept)
    before = registry.values(key)
    if gone:
        sc.delete("web1")
    else:
        sc.configure("web1", obj=r"NT AUTHORITY\NetworkService")
    assert service_keys.loses_password(key, kept) is None
    service_keys.put_back(key, kept)
    assert registry.values(key) == before
    assert service_accounts.of("web1") == account


def test_the_account_is_told_to_the_service_manager(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And only where it is another one, and needs no password: the registry alone is read at a boot."""
    del host
    told: list[dict[str, str]] = []
    monkeypatch.setattr(sc, "configure", lambda _name, **options: told.append(options))
    wanted = registry.values(SERVICES + "web1")
    assert wanted is not None
    for account in ("localsystem", r".\LocalSystem", r"NT AUTHORITY\SYSTEM", r".\somebody", r"DOMAIN\somebody"):
        service_accounts.set_so("web1", wanted | {"objectname": account})
    assert told == []
    service_accounts.set_so("web1", wanted | {"objectname": r"NT AUTHORITY\NetworkService"})
    assert told == [{"obj": r"NT AUTHORITY\NetworkService"}]


def test_a_password_that_is_lost_is_known_before(host: Path, tmp_path: Path) -> None:
    del host
    key, kept = SERVICES + "web1", tmp_path / "kept.reg"
    sc.configure("web1", obj=r".\somebody", password="generated")
    registry.keep(key, kept)
    assert service_keys.loses_password(key, kept) is None  # it has it yet
    assert service_keys.loses_password(key, None) is None
    sc.delete("web1")
    assert service_keys.loses_password(key, kept) == r".\somebody"
    service_keys.put_back(key, kept)
    assert service_accounts.of("web1") == r".\somebody"
