"""The two sides of an exchange of keys, each with a command line, a home and a folder of its own."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from support.upgrade_host import called_from


class Side:
    """A command line with a home of its own; files lie in the folder where it is called."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder, self.environment = folder, environment
        folder.mkdir(exist_ok=True)

    def __call__(self, *words: str, status: int = 0) -> Any:
        done = self.people(*words, "--json", status=status)
        return json.loads(done.stdout)

    def people(self, *words: str, status: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "smena", *words]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, encoding="utf-8", check=False
        )
        assert status in (None, done.returncode), (words, done.stdout, done.stderr)
        return done

    def secret(self, name: str, words: str) -> Path:
        """A file that nobody else can read."""
        path = self.folder / name
        path.write_text(f"{words}\n", "utf-8")
        path.chmod(0o600)
        return path

    def send(self, name: str, other: Side) -> str:
        """A file goes to the other side."""
        shutil.copy(self.folder / name, other.folder / Path(name).name)
        return Path(name).name


def vendor(folder: Path, product: str, *more: str) -> Side:
    """A desk, and its trust list in a file."""
    found = Side(folder, called_from(folder / "home"))
    found("desk", "init", "--product", product, "--root", "root.key", *more)
    found("desk", "trust", "export", f"{product}.smena-trust")
    return found


def trusted(desk: Side) -> tuple[str, str]:
    """The realm and the trust list, as a definition says them."""
    (file,) = desk.folder.glob("*.smena-trust")
    exported = file.read_text("utf-8")
    realm = re.search("realm ([0-9a-f]{64})", exported)
    assert realm is not None
    return realm[1], "".join(exported.split("-----")[2].split())
