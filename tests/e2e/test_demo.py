"""`smena demo`, as a newcomer calls it: in an empty folder, and then what it says to try."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path


def test_the_demo_and_what_to_try_next(tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": str(tmp_path)}

    def called(*words: str) -> str:
        done = subprocess.run(
            words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        assert done.returncode == 0, (words, done.stdout.decode(), done.stderr.decode())
        return done.stderr.decode("utf-8") + done.stdout.decode("utf-8")

    said = called(sys.executable, "-m", "smena", "demo")
    assert said.count("All records and files are there.") == 2
    assert "It runs 4.2 again." in said
    commands = re.findall("^ {2}- (.* --home smena-demo/home .*)$", said, re.MULTILINE)
    assert len(commands) == 5
    try:
        assert "sales is started" in called("sh", "-c", commands[0])
        assert "upgrade" in called("sh", "-c", commands[-1])
    finally:
        called("sh", "-c", commands[0].replace("start sales", "stop sales"))
