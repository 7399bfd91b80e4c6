"""verify: judge a package by the hash that was recorded when it was added."""

from __future__ import annotations

from pathlib import Path

from smena.errors import PackageWrong
from smena.host import digest
from smena.host.paths import decode
from smena.plan.params import Verify
from smena.run.step import Done
from smena.steps.tools import World
from smena.text import _


def do(p: Verify, _ctx: World) -> Done:
    judge(Path(decode(p.file)), p.sha256, p.size)
    return Done()


def judge(file: Path, sha256: str, size: int | None = None) -> None:
    """Refuse a package that is not, byte for byte, the one that was added."""
    found = digest.sha256(file)
    if found.hex != sha256 or size not in (None, found.size):
        raise PackageWrong(
            _("the package {file} is not the one that was added", file=p_name(file)),
            why=[_("its hash is {found}, recorded is {recorded}", found=found.hex[:16], recorded=sha256[:16])],
            hint=_("smena release add FILE"),
        )


def p_name(file: Path) -> str:
    return file.name
