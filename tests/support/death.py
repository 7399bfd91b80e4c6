"""Dying on purpose: a piece of Python in a process of its own, killed at a fault point."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path


def perform(code: str, *, fault: str = "", log: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the code; `fault` as in smena.faults."""
    env = {**os.environ, "SMENA_FAULT": fault, "SMENA_FAULT_LOG": str(log or "")}
    program = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(program, env=env, capture_output=True, text=True, check=False, timeout=120)


def die(code: str, point: str) -> None:
    """Run the code and see it die at this point by kill -9."""
    ended = perform(code, fault=f"{point}=kill")
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def points(code: str, log: Path) -> list[str]:
    """Every fault point that the code passes, in order, as `name@number`."""
    log.unlink(missing_ok=True)
    ended = perform(code, log=log)
    assert ended.returncode == 0, ended.stderr
    return log.read_text().splitlines() if log.exists() else []
