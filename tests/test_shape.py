"""The house's measures: sizes, and what may be called where. A rule that matters is checked by a machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src/smena"
STAND_IN = "demo/standin/"  # its servers are programs of their own, which import nothing of ours

MODULE_LINES, FUNCTION_LINES, ARGUMENTS = 400, 50, 6

# What may be used only in certain rooms: dotted name -> folders or files, from src/smena.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "subprocess": ("host/", STAND_IN),
    "shutil": ("host/", STAND_IN),
    "os.replace": ("host/", STAND_IN),
    "os.rename": ("host/", STAND_IN),
    "sqlite3": ("store/",),
    "time": ("clock.py", STAND_IN),
    "datetime.datetime.now": ("clock.py", STAND_IN),
    "datetime.datetime.utcnow": ("clock.py", STAND_IN),
    "datetime.date.today": ("clock.py", STAND_IN),
    "print": ("cli/output.py", STAND_IN),
    "click.echo": ("cli/output.py",),
    "os.system": (),
    "os.popen": (),
    "pickle": (),
    "eval": (),
    "exec": (),
}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def arguments(function: Function) -> int:
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


@pytest.mark.parametrize("path", modules("src", "scripts", "bench"), ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES
    too_long = {function.name: length(function) for function in functions(path) if length(function) > FUNCTION_LINES}
    assert not too_long
    too_many = {function.name: arguments(function) for function in functions(path) if arguments(function) > ARGUMENTS}
    assert not too_many


def test_medians_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = [len(path.read_text(encoding="utf-8").splitlines()) for path in modules("src")]
    lengths = sorted(length(function) for path in modules("src") for function in functions(path))
    ninth = lengths[len(lengths) * 9 // 10]
    with capsys.disabled():
        print(
            f"\nshape: {len(sizes)} modules, median {median(sizes):.0f} lines; "
            f"{len(lengths)} functions, median {median(lengths):.0f} lines, 90 % within {ninth}"
        )
    assert sizes


def used_names(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Dotted names that a module uses, under the names by which they were imported."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                known[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield f"{node.module}.{alias.name}", node.lineno
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := dotted(node, known)):
            yield name, node.lineno


def dotted(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value, known)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def misuses(source: str, place: str) -> list[str]:
    found = set()
    for name, line in used_names(ast.parse(source)):
        for banned, allowed in ONLY_IN.items():
            if (name == banned or name.startswith(f"{banned}.")) and not place.startswith(allowed or ("-",)):
                found.add(f"{place}:{line} uses {banned}")
    return sorted(found)


@pytest.mark.parametrize("path", modules("src"), ids=lambda path: str(path.relative_to(ROOT)))
def test_what_may_be_called_where(path: Path) -> None:
    assert misuses(path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix()) == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import subprocess", "steps/stop.py"),
        ("from subprocess import run", "steps/stop.py"),
        ("import os\nos.replace('a', 'b')", "restore/keep.py"),
        ("from os import replace as swap", "restore/keep.py"),
        ("from datetime import datetime\ndatetime.now()", "run/engine.py"),
        ("import datetime as d\nd.datetime.now()", "run/engine.py"),
        ("import sqlite3", "journal/rows.py"),
        ("print('x')", "service/products.py"),
        ("import time", "run/engine.py"),
    ],
)
def test_the_ban_sees_what_it_should(source: str, place: str) -> None:
    assert misuses(source, place)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("import subprocess", "host/process.py"),
        ("import sqlite3", "store/sqlite.py"),
        ("from datetime import datetime\ndatetime.fromisoformat('x')", "run/engine.py"),
        ("def put(path):\n    path.replace('a', 'b')", "edit/env.py"),
    ],
)
def test_the_ban_lets_the_rest_pass(source: str, place: str) -> None:
    assert not misuses(source, place)
