"""What the page for Linux shows is true: its `console host` blocks are run on a throwaway host, one after the other.

The rules are those of tests/test_docs.py, but every line with `$` is run, by bash, as root, in the page's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.systemd_host import PYTHON, ROOT, SystemdHost
from support.systemd_standin import GATEWAY, Standin

ENGLISH, RUSSIAN = ROOT / "docs/linux.md", ROOT / "docs/ru/linux.md"

pytestmark = pytest.mark.root

_PACKAGES = """
from pathlib import Path
from smena.demo.standin import packages
packages.make(Path("/root/packages"), "5.0")
"""


def shown(page: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Each command, its exit status, and the lines that stand below it."""
    for block in re.finditer(r"^```console host\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block[1], flags=re.MULTILINE)[1:]:
            first, *lines = part.rstrip("\n").split("\n")
            command, _hash, status = first.partition(" # exit status ")
            yield command, int(status or 0), lines


def as_pattern(lines: list[str]) -> str:
    told = ("(?:.*\n)*?" if line.strip() == "…" else f"{re.escape(line.rstrip())}\n" for line in lines)
    return "".join(told).replace("…", ".*")


READS = re.compile(r"smena (product|path|plan|doctor|instance (list|show)|release list|run (list|show)|key list)\b")
"""What changes nothing can be called once more, in the other language."""


@pytest.fixture
def prepared() -> Iterator[SystemdHost]:
    host = SystemdHost(nginx=True)
    try:
        host.boot()
        Standin(host, "4.7.3", releases=(), gateway=GATEWAY, name="sales")
        host.python(_PACKAGES)
        host.write("/usr/local/bin/smena", f'#!/bin/sh\nexec {PYTHON} -m smena "$@"\n')
        host.do("chmod", "+x", "/usr/local/bin/smena")
        yield host
    finally:
        host.close()


def says(host: SystemdHost, language: str, command: str, status: int, lines: list[str]) -> None:
    done = host.run(["bash", "-c", f"{command} 2>&1"], env={"SMENA_LANG": language})
    assert done.returncode == status, f"{command}: {done.stdout}"
    said = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
    assert re.fullmatch(as_pattern(lines), said), f"{command} says now:\n{said}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`--full` goes through the Russian page too, command by command."""
    if "page" in metafunc.fixturenames:
        metafunc.parametrize(
            "page", [ENGLISH, RUSSIAN] if metafunc.config.getoption("--full") else [ENGLISH], ids=_name
        )


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_what_the_page_shows_is_true(prepared: SystemdHost, page: Path) -> None:
    """What changes nothing says in Russian, too, what the Russian page shows of it."""
    commands = list(shown(page))
    assert len(commands) > 10
    for (command, status, lines), (_same, _status, russian) in zip(commands, shown(RUSSIAN), strict=True):
        says(prepared, "en" if page == ENGLISH else "ru", command, status, lines)
        if page == ENGLISH and READS.search(command):
            says(prepared, "ru", command, status, russian)


def test_both_pages_show_the_same_commands() -> None:
    english, russian = (list(shown(page)) for page in (ENGLISH, RUSSIAN))
    assert [(command, status) for command, status, _lines in english] == [
        (command, status) for command, status, _lines in russian
    ]
