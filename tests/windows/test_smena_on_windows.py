"""smena itself on Windows: below Wine, in a Python for Windows, with its runs as tasks of the scheduler."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import loginom_packages, windows_python, wine
from support.loginom_host import ACCEPT, FAILURES, NAME, NEW_DATA
from support.loginom_native import NativeHost

_HOME = {"SMENA_HOME": "C:\\ProgramData\\smena"}
_ACCEPTED = [word for name in ACCEPT for word in ("--accept", name)]
_UP = ["upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1", *_ACCEPTED]


def _smena(prefix: Path, *words: str) -> windows_python.Ended:
    return windows_python.run(prefix, "-m", "smena", *words, more=_HOME)


@pytest.fixture
def host(scheduler: Path, built: Path) -> NativeHost:
    """6.5 runs and is found, and both packages are at hand."""
    made = NativeHost(scheduler, built)
    made.install("6.5.0")
    assert "6.5.0.0" in made.called("instance", "discover").out
    made.define(loginom_packages.server("6.5.0", built), loginom_packages.server("7.1.0", built, removes_6=True))
    return made


def test_it_starts(shared_prefix: Path) -> None:
    said = _smena(shared_prefix, "product", "list", "--json")
    assert said.status == 0, said.err
    assert "loginom-server" in said.out


def test_the_doctor_tells_of_windows(shared_prefix: Path) -> None:
    said = _smena(shared_prefix, "doctor", "--json")
    assert "windows" in said.out, said.err
    json.loads(said.out)


def test_loginom_goes_from_6_to_7_and_back(host: NativeHost) -> None:
    plan = host.called("plan", NAME, "--to", "7.1", *_ACCEPTED).out
    assert r"keep C:\ProgramData\BaseGroup\Loginom 6\Server as it is now" in plan
    before = host.as_windows_sees_it()
    host.called(*_UP)
    assert host.web().startswith("Studio 7.1.0.0")
    assert (host.prefix / NEW_DATA / "UserStorage/Иван/package.lgp").read_bytes() == bytes(range(256)) * 64
    host.called("rollback", NAME, "--yes")
    _is_6_as_before(host, before)


def test_a_death_in_the_installer_and_a_boot(host: NativeHost) -> None:
    """The task at start puts 6 back: nobody calls smena."""
    before = host.as_windows_sees_it()
    died = host.smena(*_UP, faults="install-package.installed=kill")
    assert died.status != 0, died.out + died.err
    wine.end(host.prefix)
    with wine.up(host.prefix):
        wine.wine(host.prefix, "schtasks", "/run", "/tn", r"\smena\recover")  # as the scheduler itself at a start
        watched = host.smena("run", "watch")
        assert "loginom runs 6.5 again" in watched.out, watched.out + watched.err
        _is_6_as_before(host, before)
        assert host.tasks() == {"recover"}, "the run's own went with it"


@pytest.mark.full
@pytest.mark.parametrize("point", FAILURES)
def test_a_failure_at_every_step(host: NativeHost, point: str) -> None:
    before = host.as_windows_sees_it()
    failed = host.smena(*_UP, faults=f"{point}=error")
    assert failed.status == 1, failed.out + failed.err
    _is_6_as_before(host, before)


@pytest.mark.full
def test_a_file_of_the_users_that_is_held_open(host: NativeHost) -> None:
    """6 comes back, and the file is named. Wine does not tell who holds it; smena says so."""
    before = host.as_windows_sees_it()
    held = r"C:\ProgramData\BaseGroup\Loginom 6\Server\UserStorage\Иван\package.lgp"
    with windows_python.holding(host.prefix, held):
        refused = host.smena(*_UP)
        assert refused.status != 0
        told = refused.out + refused.err + host.smena("run", "show").out
        assert "package.lgp is in use" in told
        assert "another program holds it" in told
    _is_6_as_before(host, before)


def _is_6_as_before(host: NativeHost, before: dict[str, list[str]]) -> None:
    assert host.web().startswith("Studio 6.5.0.0")
    assert host.server().startswith("Loginom 6.5.0.0\nИван, Мария")
    after = host.as_windows_sees_it()
    assert {name: after.get(name) for name in {**before, **after} if before.get(name) != after.get(name)} == {}
