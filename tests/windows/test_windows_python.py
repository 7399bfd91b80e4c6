"""smena's own Windows code, run by a Python for Windows below Wine.

None can be had ready-made for this; `SMENA_WINDOWS_PYTHON` names the `python.exe` of one that was built elsewhere, with
smena's packages and pytest in it. The tests lie in `inside`: they run there, not here.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from support import wine

PYTHON = os.environ.get("SMENA_WINDOWS_PYTHON")
ROOT = Path(__file__).resolve().parents[2]
INSIDE = Path(__file__).parent / "inside"

if PYTHON is None:
    pytest.skip("SMENA_WINDOWS_PYTHON names no Python for Windows", allow_module_level=True)


def _told(path: Path) -> str:
    return "Z:" + str(path).replace("/", "\\")


@pytest.mark.parametrize("file", sorted(INSIDE.glob("*.py")), ids=lambda file: file.stem)
def test_inside(file: Path, wine_template: Path, tmp_path: Path) -> None:
    """The streams are pipes: Wine takes no plain file of Linux for one."""
    place = wine.fresh(wine_template, tmp_path / "prefix")
    environment = {
        **wine.environment(place),
        "PYTHONPATH": _told(ROOT / "src"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
    }
    with wine.up(place):
        ended = subprocess.run(
            ["wine", str(PYTHON), "-m", "pytest", "-p", "no:cacheprovider", "--noconftest", "-q", _told(file)],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=900,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout
