"""The built wheel holds everything: definitions, translations, all modules; it runs from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, text=True)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `smena` of an environment that holds nothing else."""
    folder = tmp_path_factory.mktemp("empty")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--constraint", str(ROOT / "scripts/constraints.txt"), str(wheel)], check=True)
    return folder / "bin/smena"


def run(program: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "SMENA_HOME": str(folder / "home"), "PYTHONUTF8": "1"}
    return subprocess.run(
        [str(program), *arguments], cwd=folder, env=environment, capture_output=True, encoding="utf-8"
    )


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    package = ROOT / "src"
    wanted = {
        path.relative_to(package).as_posix()
        for path in (package / "smena").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted - inside == set()
    assert "smena/locale/ru/LC_MESSAGES/smena.mo" in inside


def test_it_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    assert run(installed, tmp_path, "--version").stdout.startswith("smena ")
    listed = run(installed, tmp_path, "product", "list")
    assert (listed.returncode, listed.stderr) == (0, "")
    for product in ("comindware-platform", "loginom-server", "loginom-desktop"):
        assert product in listed.stdout


def test_it_speaks_russian(installed: Path, tmp_path: Path) -> None:
    assert "Использование:" in run(installed, tmp_path, "--help", "--lang", "ru").stdout
    done = run(installed, tmp_path, "path", "comindware-platform", "3.5", "4.7", "--lang", "ru")
    assert done.returncode == 0
    assert "переход" in done.stdout.lower()
