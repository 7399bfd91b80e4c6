"""`smena doctor --self-test`: real parts, in a scratch folder, and nothing is left whatever happens."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from smena.errors import ContractBroken
from smena.host.native import processes
from smena.selftest import files
from smena.selftest.case import Suite
from smena.selftest.expect import holds, refused, same, until
from smena.selftest.running import Part, results, scratch_folder
from smena.text import plain


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir(mode=0o700)
    return tmp_path / "home"


@pytest.mark.slow
def test_everything_is_kept_here_and_nothing_is_left(smena: Callable[..., Any], home: Path) -> None:
    done = smena("doctor", "--self-test", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    tried = {one["part"] for one in told["results"]}
    assert {"files", "supervised"} <= tried
    assert len([one for one in told["results"] if one["part"] == "files"]) == len(files.SUITE.cases)
    assert list(home.iterdir()) == []
    assert at_work(home) == []


def at_work(folder: Path) -> list[int]:
    """The processes whose folder lies below this one: the services of a self-test."""
    found = []
    for pid in processes.all_pids():
        with suppress(OSError):
            if Path(f"/proc/{pid}/cwd").readlink().is_relative_to(folder):
                found.append(pid)
    return found


@pytest.mark.slow
def test_ctrl_c_takes_everything_away(environment: dict[str, str], home: Path) -> None:
    words = [sys.executable, "-m", "smena", "doctor", "--self-test", "--quiet"]
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as called:
        try:
            until(lambda: at_work(home), 30.0)
            called.send_signal(signal.SIGINT)
            assert called.wait(30) == 130
        finally:
            called.kill()
    assert list(home.iterdir()) == []
    assert at_work(home) == []


def test_what_a_killed_one_left_goes_with_the_next(home: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    left = home / f"smena-selftest-{dead.pid}"
    (left / "a").mkdir(parents=True)
    with scratch_folder(home) as scratch:
        assert not left.exists()
        assert scratch.is_dir()
    assert list(home.iterdir()) == []


def test_what_is_not_kept_is_told(tmp_path: Path) -> None:
    suite = Suite()

    @suite.case(plain("kept"))
    def kept(folder: Path) -> None:
        same(list(folder.iterdir()), [])

    @suite.case(plain("differs"))
    def differs(folder: Path) -> None:
        same(folder.name, "x")

    @suite.case(plain("breaks"))
    def breaks(folder: Path) -> None:
        (folder / "nowhere" / "file").read_bytes()

    part = Part("toy", plain("toy"), suite, lambda folder: folder)
    found = {one.case: str(one.trouble) if one.trouble else "" for one in results(part, tmp_path)}
    assert found["kept"] == ""
    assert "instead of 'x'" in found["differs"]
    assert "FileNotFoundError" in found["breaks"]
    assert list(tmp_path.iterdir()) == []


def test_what_breaks_on_the_way_out_of_ctrl_c_is_no_broken_contract(tmp_path: Path) -> None:
    suite = Suite()

    @suite.case(plain("interrupted"))
    def interrupted(_folder: Path) -> None:
        try:
            raise KeyboardInterrupt
        finally:
            os.close(-1)

    with pytest.raises(KeyboardInterrupt):
        list(results(Part("toy", plain("toy"), suite, lambda folder: folder), tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_expectations_can_fail() -> None:
    for broken in (lambda: holds(False, "that"), lambda: same(1, 2), lambda: until(lambda: 0, 0.02)):
        with pytest.raises(ContractBroken):
            broken()
    with pytest.raises(ContractBroken), refused(ContractBroken):
        time.monotonic()
    with pytest.raises(ContractBroken), refused(ContractBroken, "another word"):
        holds(False, "that")
