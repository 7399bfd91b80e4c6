"""smena itself on Windows: below Wine, in a Python for Windows."""

from __future__ import annotations

import json
from pathlib import Path

from support import loginom_packages, windows_python
from support.loginom_host import ACCEPT, NAME, NEW_DATA
from support.loginom_native import NativeHost

_HOME = {"SMENA_HOME": "C:\\ProgramData\\smena"}


def _smena(prefix: Path, *words: str) -> windows_python.Ended:
    return windows_python.run(prefix, "-m", "smena", *words, more=_HOME)


def test_it_starts(shared_prefix: Path) -> None:
    said = _smena(shared_prefix, "product", "list", "--json")
    assert said.status == 0, said.err
    assert "loginom-server" in said.out


def test_the_doctor_tells_of_windows(shared_prefix: Path) -> None:
    said = _smena(shared_prefix, "doctor", "--json")
    assert "windows" in said.out, said.err
    json.loads(said.out)


_ACCEPTED = [word for name in ACCEPT for word in ("--accept", name)]


def test_loginom_goes_from_6_to_7_and_back(scheduler: Path, built: Path) -> None:
    host = NativeHost(scheduler, built)
    host.install("6.5.0")
    assert "6.5.0.0" in host.called("instance", "discover").out
    host.define(loginom_packages.server("6.5.0", built), loginom_packages.server("7.1.0", built, removes_6=True))
    plan = host.called("plan", NAME, "--to", "7.1", *_ACCEPTED).out
    assert r"keep C:\ProgramData\BaseGroup\Loginom 6\Server as it is now" in plan
    before = host.as_windows_sees_it()
    host.called("upgrade", NAME, "--to", "7.1", "--yes", "--probation", "1", *_ACCEPTED)
    assert host.web().startswith("Studio 7.1.0.0")
    assert (host.prefix / NEW_DATA / "UserStorage/Иван/package.lgp").read_bytes() == bytes(range(256)) * 64
    host.called("rollback", NAME, "--yes")
    assert host.web().startswith("Studio 6.5.0.0")
    after = host.as_windows_sees_it()
    assert {
        name: (before.get(name), after.get(name)) for name in {**before, **after} if before.get(name) != after.get(name)
    } == {}
