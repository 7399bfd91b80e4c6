"""A restore point on Windows: what a step replaced comes back, whatever death came in between."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from smena.host.native import attributes, folders
from smena.journal.journal import Journal
from smena.journal.rows import Header, NewStep
from smena.restore.point import RestorePoint
from smena.text import plain

assert sys.platform == "win32"  # tells mypy too

KILLED = 15
SETTINGS, LOCKED, NEW = "conf/settings.yml", "conf/read-only.xml", "conf/new.yml"
TREE, DATA = "Database", "Database/db/глубже/1.data"
Seen = dict[str, tuple[object, ...]]


def made(root: Path) -> Path:
    inst = root / "inst"
    (inst / "conf").mkdir(parents=True)
    (inst / DATA).parent.mkdir(parents=True)
    (inst / SETTINGS).write_bytes(b"port: 80\n")
    (inst / LOCKED).write_bytes(b"<old/>\r\n")
    (inst / DATA).write_bytes(bytes(range(256)) * 40)
    for name in (SETTINGS, LOCKED, DATA):
        os.utime(inst / name, ns=(1_600_000_000_000_000_000, 1_500_000_000_000_000_000))
    (inst / LOCKED).chmod(stat.S_IREAD)
    words = {"kind": "upgrade", "instance": "i", "product": "p", "from_version": "1", "to_version": "2"}
    header = Header(id="run", **words, plan=b"{}", plan_hash="", options=b"{}", smena="0", who="me", host="here")
    (root / "run").mkdir()
    steps = [NewStep(kind="any", params=b"{}", title=plain("any"))]
    with closing(Journal.create(root / "run", header, steps)) as journal:
        journal.begin(1, "doing")
    return inst


def seen(inst: Path) -> Seen:
    """Every file: its content, its access and marks, its time."""
    found: Seen = {}
    for path in sorted(inst.rglob("*")):
        kept = attributes.read(str(path))
        content = path.read_bytes() if path.is_file() else b""
        time = folders.look(str(path)).st_mtime_ns if path.is_file() else 0
        found[path.relative_to(inst).as_posix()] = (content, kept, time)
    return found


def do(point: RestorePoint, inst: Path) -> None:
    point.write(1, inst / SETTINGS, b"port: 8080\n")
    point.write(1, inst / LOCKED, b"<new/>\r\n")
    point.write(1, inst / NEW, b"new\n")
    point.move_away(1, inst / TREE)


def act(how: str, root: Path) -> None:
    inst = root / "inst"
    point = RestorePoint(Journal.open(root / "run"), "run", [inst])
    with closing(point.journal):
        if how == "do":
            do(point, inst)
        else:
            point.put_back(1)


def child(how: str, root: Path, **more: str) -> int:
    words = [sys.executable, str(Path(__file__)), how, str(root)]
    return subprocess.run(words, env={**os.environ, **more}, check=False).returncode


def points(how: str, root: Path) -> list[str]:
    log = root / f"points to {how}"
    assert child(how, root, SMENA_FAULT_LOG=str(log)) == 0
    return log.read_text("utf-8").split()


def chosen(passed: list[str]) -> list[str]:
    """Each death starts three programs below Wine. Where a point is passed once for every file: the last time."""
    last = {point.partition("@")[0]: point for point in passed}
    return passed if os.environ.get("SMENA_FULL") else list(last.values())


def test_what_was_replaced_comes_back(tmp_path: Path) -> None:
    inst = made(tmp_path)
    before = seen(inst)
    act("do", tmp_path)
    once = seen(inst)
    assert once[SETTINGS][0] == b"port: 8080\n"
    assert once[LOCKED][1] == before[LOCKED][1]
    assert TREE not in once
    act("do", tmp_path)
    assert {name: entry[:2] for name, entry in seen(inst).items()} == {name: e[:2] for name, e in once.items()}
    for _time in range(2):
        act("put back", tmp_path)
        assert seen(inst) == before


@pytest.mark.parametrize("how", ["do", "put back"])
def test_a_death_anywhere(tmp_path: Path, how: str) -> None:
    (tmp_path / "listing").mkdir()
    before = seen(made(tmp_path / "listing"))
    doing = points("do", tmp_path / "listing")
    passed = doing if how == "do" else points("put back", tmp_path / "listing")
    assert len(passed) > 10
    for number, point in enumerate(chosen(passed)):
        root = tmp_path / str(number)
        root.mkdir()
        inst = made(root)
        if how == "put back":
            act("do", root)
        assert child(how, root, SMENA_FAULT=f"{point}=kill") == KILLED
        act("put back", root)
        assert seen(inst) == before, point


if __name__ == "__main__":
    act(sys.argv[1], Path(sys.argv[2]))
