"""Loginom's server from 6.5 to 7.1 on a Windows host: real installers, real services, real registry, through Wine.

The product and its packages are stand-ins; the definition is the one that smena ships.
"""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from smena.drivers import msi, registry
from smena.drivers.windows_service import SERVICES
from support import loginom_packages, wine
from support.loginom_host import ACCEPT, FAILURES, NAME, NEW_DATA, NEW_PLACES, OLD_DATA, OLD_PLACES, LoginomHost

_ACCEPTED = [word for name in ACCEPT for word in ("--accept", name)]
_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1", *_ACCEPTED]


@pytest.fixture
def host(prefix: Path, tmp_path: Path, built: Path) -> LoginomHost:
    """6.5 runs, installed long ago, with data and settings of its own."""
    made = LoginomHost(prefix, tmp_path / "home", built)
    made.install("6.5.0")
    return made


SIX_STAYS = pytest.param(False, id="7 leaves 6", marks=pytest.mark.full)
SIX_GOES = pytest.param(True, id="7 removes 6")


def _seven(built: Path, **kind: bool) -> Path:
    return loginom_packages.server("7.1.0", built, **kind)


def _six(built: Path) -> Path:
    return loginom_packages.server("6.5.0", built)


@pytest.mark.parametrize("removes_6", [SIX_STAYS, SIX_GOES])
def test_from_6_to_7(host: LoginomHost, built: Path, removes_6: bool) -> None:
    found = host.smena("instance", "discover").out
    assert "6.5.0.0" in found
    assert f"smena instance add {NAME} --product loginom-server --edition team|standard|enterprise" in found
    host.define(_six(built), _seven(built, removes_6=removes_6))
    plan = host.called("plan", NAME, "--to", "7.1", *_ACCEPTED).out
    for words in (
        r"keep HKLM\SYSTEM\CurrentControlSet\Services\loginom as it is now",
        r"keep C:\ProgramData\BaseGroup\Loginom 6\Server as it is now",
        "Install Loginom Server 7",
        r"copy C:\ProgramData\BaseGroup\Loginom 6\Server\UserStorage for C:\ProgramData\Loginom\Server\UserStorage",
        "Carry UserStorage over",
        r"carry *.cfg from C:\ProgramData\BaseGroup\Loginom 6\Server over to C:\ProgramData\Loginom\Server, except",
        "LoginomEnterprise_7.1.0.msi /qn /norestart REBOOT=ReallySuppress",
        f"ADDLOCAL=Server,Studio,Help,Webserver SERVER_PORT={host.server_port}",
        r"put the old values of",
        r"into C:\ProgramData\Loginom\Server\Settings.cfg",
    ):
        assert words in plan
    assert "/" + "drive_c" not in plan  # a plan holds Windows paths
    whole, products = host.snapshot(), msi.products()
    before = whole[OLD_DATA.rpartition("/Loginom 6")[0]]
    host.called(*_UP)
    assert host.web().startswith("Studio 7.1.0.0")
    assert host.server().startswith("Loginom 7.1.0.0\nИван, Мария")  # on the old port: it was carried over by key
    data = host.prefix / NEW_DATA
    assert (data / "UserStorage/Иван/package.lgp").read_bytes() == bytes(range(256)) * 64
    assert (data / "Users.cfg").read_bytes() == b"<Users/>\r\n"
    assert (data / "GnClient.ini").exists()
    settings = (data / "Settings.cfg").read_text("utf-8")
    assert "Settings of 7.1.0" in settings
    assert f'Port="{host.server_port}"' in settings
    assert [registry.value(SERVICES + name, "Start") for name in ("loginom", "httpd_loginom")] == [2, 2]
    left = host.snapshot()[OLD_DATA.rpartition("/Loginom 6")[0]]
    gone = {name for name in before if name not in left}
    assert gone == ({"Loginom 6/Server/Settings.cfg"} if removes_6 else set())
    assert host.marks() == ["Program Files/Loginom/Client"]  # this home's, beside the folder that is its own now
    host.called("rollback", NAME, "--yes")
    _is_6_as_before(host, whole, products)


@pytest.mark.full
def test_a_folder_of_ones_own(host: LoginomHost, built: Path) -> None:
    """The installer is told of it, and the one of 6 brings 6 back to where it was."""
    host.define(_six(built), _seven(built, removes_6=True), settings=(r"new-program=C:\Own programs\Loginom 7",))
    whole, products = host.snapshot(), msi.products()
    host.called(*_UP)
    assert host.web().startswith("Studio 7.1.0.0")
    own = host.prefix / "drive_c/Own programs/Loginom 7"
    assert (own / "Server/loginom.exe").exists()
    assert not (host.prefix / "drive_c/Program Files/Loginom").exists()
    host.called("rollback", NAME, "--yes")
    _is_6_as_before(host, whole, products)
    assert not own.exists()


@pytest.mark.full
def test_a_rollback_that_fails_and_one_that_is_taken_back(host: LoginomHost, built: Path) -> None:
    """Installers go both ways: 7 is as before after a rollback that failed, and after one that was taken back."""
    host.define(_six(built), _seven(built, removes_6=True))
    whole, products = host.snapshot(), msi.products()
    host.called(*_UP)
    seven = host.snapshot(NEW_PLACES), msi.products()
    for point in ("package-back.recorded", "install-package.taken-away", "install-package.put-back", "exchange.done"):
        failed = host.smena("rollback", NAME, "--yes", faults=f"{point}=error")
        assert failed.status == 1, point + failed.out + failed.err
        assert host.web().startswith("Studio 7.1.0.0")
        assert (host.snapshot(NEW_PLACES), msi.products()) == seven, point
    host.called("rollback", NAME, "--yes")
    _is_6_as_before(host, whole, products)
    newest = host.called("run", "list", "--json").value["runs"][0]["run"]
    host.called("rollback", NAME, "--yes", "--to", newest)
    assert host.web().startswith("Studio 7.1.0.0")
    assert (host.snapshot(NEW_PLACES), msi.products()) == seven


def _is_6_as_before(host: LoginomHost, before: object, products: object) -> None:
    assert host.web().startswith("Studio 6.5.0.0")
    assert host.server().startswith("Loginom 6.5.0.0\nИван, Мария")
    assert host.snapshot() == before
    assert msi.products() == products
    assert not (host.prefix / "drive_c/Program Files/Loginom").exists()
    assert not (host.prefix / NEW_DATA).exists()
    assert host.marks() == ["Program Files/BaseGroup/Loginom 6/Client"]
    assert host.services() == host.defined


def test_a_service_with_an_account_of_its_own(host: LoginomHost, built: Path) -> None:
    """Its password is lost with the service: known before, told after 7 came, and waited for on each way back."""
    account, secret = r".\loginom", secrets.token_hex(8)
    host.log_on("loginom", account, secret)
    host.log_on("httpd_loginom", r"NT AUTHORITY\LocalService", "")
    host.define(_six(built), _seven(built, removes_6=True))
    before, products = host.snapshot(), msi.products()
    refused = host.smena(*_UP)
    assert refused.status == 3, refused.out + refused.err
    assert rf"the service loginom runs as {account}" in refused.out + refused.err
    assert "httpd_loginom runs as" not in refused.out + refused.err
    up = [*_UP, "--accept", "service-account"]

    def set_by_hand() -> None:
        told = host.smena("run", "show").out
        assert f'sc config loginom obj= "{account}" password=' in told
        assert "httpd_loginom was made anew" not in told
        host.log_on("loginom", account, secret)
        host.smena("run", "resume")
        host.smena("run", "watch")

    host.smena(*up, faults="install-package.installed=error")
    set_by_hand()
    _is_6_as_before(host, before, products)
    host.called(*up)
    told = host.smena("run", "show").out
    assert f"the service loginom ran as {account}, the new one runs as LocalSystem" in told
    assert r"httpd_loginom ran as NT AUTHORITY\LocalService" in told
    host.smena("rollback", NAME, "--yes")
    set_by_hand()
    _is_6_as_before(host, before, products)


def test_a_death_in_the_installer_and_a_boot(host: LoginomHost, built: Path) -> None:
    """7 is there and has removed 6. No boot starts the half; the next call of smena takes it back."""
    host.define(_six(built), _seven(built, removes_6=True))
    before, products = host.snapshot(), msi.products()
    host.smena(*_UP, faults="install-package.installed=kill")
    wine.end(host.prefix)
    with wine.up(host.prefix):
        host.smena("run", "list")
        host.smena("run", "watch")
        _is_6_as_before(host, before, products)


@pytest.mark.full
def test_an_installer_that_fails(host: LoginomHost, built: Path) -> None:
    """In the middle of its work, when files and services of 7 are there."""
    host.define(_six(built), _seven(built, fails=True))
    before, products = host.snapshot(), msi.products()
    failed = host.smena(*_UP)
    assert failed.status == 1, failed.out + failed.err
    _is_6_as_before(host, before, products)
    assert "msiexec ended with status 16" in host.smena("run", "show").out  # 1603; Wine says 1627


@pytest.mark.full
@pytest.mark.parametrize("removes_6", [SIX_STAYS, SIX_GOES])
def test_a_failure_at_every_step(host: LoginomHost, built: Path, removes_6: bool) -> None:
    """On one host, one after the other: the next attempt meets what the last one left."""
    host.define(_six(built), _seven(built, removes_6=removes_6))
    before, products = host.snapshot(), msi.products()
    for point in FAILURES:
        failed = host.smena(*_UP, faults=f"{point}=error")
        assert failed.status == 1, point + failed.out + failed.err
        _is_6_as_before(host, before, products)


def test_without_the_old_package_there_is_no_way_back(host: LoginomHost, built: Path) -> None:
    host.define(_seven(built))
    plan = host.called("plan", NAME, "--to", "7.1", *_ACCEPTED).out
    assert "The installer of the present version is not at hand" in plan


def test_a_licence_for_6_only(host: LoginomHost, built: Path) -> None:
    """Refused before any change, with the way to get one."""
    host.define(_six(built), _seven(built, removes_6=True), covers=("6",))
    before = host.snapshot(), msi.products()
    refused = host.smena(*_UP)
    assert refused.status == 3, refused.out + refused.err
    assert "smena key letter FILE --key usb --covers VERSION" in refused.out + refused.err
    assert (host.snapshot(), msi.products()) == before


@pytest.mark.full
def test_what_lies_about_and_another_drive(host: LoginomHost, built: Path) -> None:
    """UserStorage lies on D:, half of an earlier attempt, with settings, where 7 will lie: nothing of it is lost."""
    host.move_user_storage()
    left = host.prefix / NEW_DATA
    (left / "UserStorage/Иван").mkdir(parents=True)
    (left / "UserStorage/Иван/half.lgp").write_bytes(b"half")
    (left / "Settings.cfg").write_text("<Settings><Bindings Port='1'/></Settings>", "utf-8")
    (left / "Users.cfg").write_text("<Users>of an earlier attempt</Users>", "utf-8")
    host.define(_six(built), _seven(built, removes_6=True))
    whole, lying, products = host.snapshot((*OLD_PLACES, "d")), host.snapshot(NEW_PLACES), msi.products()

    def is_6() -> None:
        assert host.server().startswith("Loginom 6.5.0.0\nИван, Мария")
        assert host.snapshot((*OLD_PLACES, "d")) == whole
        assert host.snapshot(NEW_PLACES) == lying
        assert msi.products() == products

    failed = host.smena(*_UP, faults="windows-service.started@4=error")
    assert failed.status == 1, failed.out + failed.err
    is_6()
    host.called(*_UP)
    assert host.server().startswith("Loginom 7.1.0.0\nИван, Мария")
    assert "Settings of 7.1.0" in (left / "Settings.cfg").read_text("utf-8")
    assert not (left / "UserStorage/Иван/half.lgp").exists()
    assert (left / "UserStorage/Иван/package.lgp").read_bytes() == bytes(range(256)) * 64
    assert (left / "Users.cfg").read_bytes() == b"<Users/>\r\n"
    host.called("rollback", NAME, "--yes")
    is_6()


@pytest.mark.full
@pytest.mark.parametrize("point", [*FAILURES, "hold.given-back@3"])
def test_a_reboot_at_every_step(host: LoginomHost, built: Path, point: str) -> None:
    """The host goes down at that instant, and comes up again: at the next call of smena it is 6 or 7, whole."""
    host.define(_six(built), _seven(built, removes_6=True))
    before, products = host.snapshot(), msi.products()
    died = host.smena(*_UP, faults=f"{point}=kill")
    assert died.status != 0, died.out + died.err
    wine.end(host.prefix)
    with wine.up(host.prefix):
        host.smena("run", "list")
        host.smena("run", "watch")
        if host.web().startswith("Studio 7.1.0.0"):
            assert host.server().startswith("Loginom 7.1.0.0\nИван, Мария")
            host.called("rollback", NAME, "--yes")
        _is_6_as_before(host, before, products)
