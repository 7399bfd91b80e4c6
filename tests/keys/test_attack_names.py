"""docs/keys.md names a test for every attack and accident: each of them is there, in both languages the same."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def named(document: str) -> list[list[str]]:
    """The tests of each row."""
    text = (ROOT / "docs" / document).read_text("utf-8")
    return [re.findall(r"`(test_\w+)`", line) for line in text.splitlines() if "`test_" in line]


def test_every_attack_has_its_test() -> None:
    files = [*(ROOT / "tests/keys").glob("*.py"), *(ROOT / "tests/cli/keys").glob("*.py")]
    known = {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text("utf-8"), re.MULTILINE)}
    rows = named("keys.md")
    assert len(rows) == 29
    assert [name for row in rows for name in row if name not in known] == []
    assert named("ru/keys.md") == rows
