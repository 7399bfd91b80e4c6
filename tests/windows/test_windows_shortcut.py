"""Shortcuts against the shell: what it made is read, and what smena made it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from smena.drivers import shell_link
from smena.drivers.shell_link import Link
from smena.host import programs
from support import wine

SOURCE = Path(__file__).parents[1] / "support/windows/link.c"
LINKS = [
    Link(target="C:\\windows\\system32\\cmd.exe", arguments="/c exit", directory="C:\\windows"),
    Link(target="C:\\Program Files\\Аналитика № 7\\Ёж.exe", description="Loginom"),
    Link(target="C:\\Program Files\\漢字\\x.exe", directory="D:\\данные"),
]


@pytest.fixture(scope="module")
def program(built: Path, shared_prefix: Path) -> str:
    made = wine.build(SOURCE, built / "link.exe", "-lole32", "-luuid", "-lshell32")
    (shared_prefix / "drive_c/link.exe").write_bytes(made.read_bytes())
    return "C:\\link.exe"


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.target)
def test_the_shell_reads_what_smena_writes(program: str, shared_prefix: Path, link: Link) -> None:
    (shared_prefix / "drive_c/ours.lnk").write_bytes(shell_link.write(link))
    said = programs.run([program, "read", "C:\\ours.lnk"], good=(0,)).out.splitlines()
    assert said[:4] == [link.target, link.arguments, link.directory, link.description]


@pytest.mark.parametrize("link", LINKS, ids=lambda link: link.target)
def test_smena_reads_what_the_shell_writes(program: str, shared_prefix: Path, link: Link) -> None:
    words = [program, "make", "C:\\shell.lnk", link.target, link.arguments, link.directory]
    programs.run(words, good=(0,))
    found = shell_link.read((shared_prefix / "drive_c/shell.lnk").read_bytes())
    assert (found.target, found.arguments, found.directory) == (link.target, link.arguments, link.directory)
