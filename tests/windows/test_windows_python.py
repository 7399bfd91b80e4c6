"""smena's own Windows code, piece by piece: the tests in `inside`, run by a Python for Windows below Wine."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import windows_python

INSIDE = Path(__file__).parent / "inside"


@pytest.mark.parametrize("file", sorted(INSIDE.glob("*.py")), ids=lambda file: file.stem)
def test_inside(file: Path, shared_prefix: Path, full: bool) -> None:
    words = ("-m", "pytest", "-p", "no:cacheprovider", "--noconftest", "-q", windows_python.path(file))
    more = {"SMENA_FULL": "1"} if full else {}
    ended = windows_python.run(shared_prefix, *words, more=more, seconds=1800 if full else 900)
    assert ended.status == 0, ended.out + ended.err
