"""smena itself on Windows: below Wine, in a Python for Windows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support import windows_python

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
