"""Completion: the scripts, and what smena answers to the shells that read them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Smena = Callable[..., subprocess.CompletedProcess[str]]


def offered(smena: Smena, line: str) -> list[str]:
    """What bash would be offered for the last word of the line."""
    words = line.split(" ")
    asked = {"_SMENA_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    done = smena(env=asked)
    assert done.stderr == ""
    return [answer.partition(",")[2] for answer in done.stdout.splitlines() if answer]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("smena pro", ["product"]),
        ("smena pat", ["path"]),
        ("smena product l", ["list"]),
        ("smena product show logi", ["loginom-desktop", "loginom-server"]),
        ("smena path com", ["comindware-platform"]),
        ("smena path comindware-platform 4.2 4.", ["4.7.3", "4.7.2", "4.7", "4.2"]),
        ("smena path loginom-server 6.5.1 7.1.0 --edition s", ["standard"]),
        ("smena path loginom-server 6.5.1 7.1.0 --ed", ["--edition"]),
        ("smena --lang r", ["ru"]),
        ("smena path nothing ", []),
        ("smena product show nothing -", ["--json", "--lang", "--home", "--quiet", "--debug", "--help"]),
    ],
)
def test_what_fits(smena: Smena, line: str, wanted: list[str]) -> None:
    assert offered(smena, line) == wanted


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script(smena: Smena, tmp_path: Path, shell: str) -> None:
    done = smena("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"_SMENA_COMPLETE={shell}_complete" in done.stdout
    program = shutil.which(shell)
    if program:
        script = tmp_path / "script"
        script.write_text(done.stdout)
        subprocess.run([program, "-n", str(script)], check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_with_the_script(environment: dict[str, str], smena: Smena, tmp_path: Path) -> None:
    (tmp_path / "smena").write_text(f"#!/bin/sh\nexec '{sys.executable}' -m smena \"$@\"\n")
    (tmp_path / "smena").chmod(0o755)
    script = smena("completion", "bash").stdout
    asks = 'COMP_WORDS=(smena product s); COMP_CWORD=2; _smena_completion smena; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "--norc", "-c", f"{script}\n{asks}"],
        env=environment | {"PATH": f"{tmp_path}:{environment['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("show\n", "")
