"""smena's own Windows code, piece by piece: the tests in `inside`, run by a Python for Windows below Wine."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import windows_python

INSIDE = Path(__file__).parent / "inside"


@pytest.mark.parametrize("file", sorted(INSIDE.glob("*.py")), ids=lambda file: file.stem)
def test_inside(file: Path, shared_prefix: Path) -> None:
    words = ("-m", "pytest", "-p", "no:cacheprovider", "--noconftest", "-q", windows_python.path(file))
    ended = windows_python.run(shared_prefix, *words, seconds=900)
    assert ended.status == 0, ended.out + ended.err
