"""What a command does not need is not imported: the command line must answer at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"rich", "lxml", "sqlite3", "yaml", "_yaml", "msgspec", "zstandard", "asyncio", "urllib.request", "subprocess"}
HEAVY |= {"cryptography", "pkcs11", "segno"}
OURS = (
    "smena.definition",
    "smena.service",
    "smena.products",
    "smena.host",
    "smena.store",
    "smena.run",
    "smena.demo",
    "smena.keys",
)

_PROBE = """
import json, sys
from smena.cli.entry import run
run(json.loads(sys.argv[1]))
json.dump(sorted(sys.modules), sys.stderr)
"""


def imported(arguments: list[str], tmp_path: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, json.dumps(arguments)],
        env={"PATH": os.environ["PATH"], "SMENA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    modules: list[str] = json.loads(done.stderr)
    return set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["--version", "--lang", "ru"],
        ["--help"],
        ["--help", "--lang", "ru"],
        ["product", "--help"],
        ["path", "--help"],
        ["completion", "bash"],
    ],
    ids=" ".join,
)
def test_nothing_heavy_is_imported(arguments: list[str], tmp_path: Path) -> None:
    modules = imported(arguments, tmp_path)
    assert "click" in modules
    assert not modules & HEAVY
    assert not [name for name in modules if name.startswith(OURS)]


def test_the_probe_sees_what_is_imported(tmp_path: Path) -> None:
    assert "msgspec" in imported(["--version", "--json"], tmp_path)
