"""smena as its users meet it: a process with arguments, an environment and an exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Smena = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment without anything that speaks of languages, colours or homes."""
    kept = ("PATH", "SYSTEMROOT", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"SMENA_HOME": str(tmp_path / "home")}


@pytest.fixture
def smena(environment: dict[str, str]) -> Smena:
    """Call smena in a pipe; `env` adds to the environment."""

    def call(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "smena", *arguments],
            env=environment | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    return call
