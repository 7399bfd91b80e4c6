"""Keys and the desk on the command line: many short calls, each a process of its own, forked from one."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import msgspec
import pytest

from support.called import Wish
from support.fork_fixtures import forks
from support.forks import Forks
from support.keycustomer import Office
from support.terminal import Terminal

__all__ = ["forks"]

Smena = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def smena(environment: dict[str, str], forks: Forks, tmp_path: Path) -> Smena:
    """Call smena in a pipe; `env` adds to the environment."""
    folder, numbers = tmp_path / "calls", count()
    folder.mkdir()

    def call(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        wish, out, err = (folder / f"{next(numbers)}-{name}" for name in ("wish", "out", "err"))
        order = Wish([*arguments], environment | (env or {}), str(Path.cwd()), str(out), str(err))
        wish.write_bytes(msgspec.json.encode(order))
        ended = forks.perform("support.called:call", wish)
        assert not ended.said, ended.said
        said = (path.read_text("utf-8") for path in (out, err))
        return subprocess.CompletedProcess(["smena", *arguments], ended.status, *said)

    return call


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def home(tmp_path: Path, office: Office) -> Path:
    folder = tmp_path / "home"
    office.define(folder)
    return folder


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    opened: list[Terminal] = []

    def open_one(*words: str, **more: str) -> Terminal:
        opened.append(Terminal(environment | {"LC_ALL": "C.UTF-8"}, *words, **more))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()
