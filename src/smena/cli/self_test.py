"""`smena doctor --self-test`: progress while the cases are tried, and a table in the end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from smena.cli.frame import Frame
from smena.service import self_test
from smena.text import _

if TYPE_CHECKING:
    from smena.cli.output import Page
    from smena.selftest.running import Part, Result

_FAILED = 1


def run(frame: Frame, folder: str | None) -> int:
    """Try everything; the exit status. Ctrl-C ends it, and what was made goes all the same."""
    home = frame.home_as_it_is
    known = self_test.parts(home)
    found: list[Result] = []

    def tell(part: Part, count: int) -> None:
        frame.out.remark(_("{title}: {count} cases …", title=part.title, count=count))

    with closing(self_test.tried(home, tell, None if folder is None else Path(folder).absolute())) as results:
        for result in results:
            found.append(result)
            if result.trouble is not None:
                frame.out.remark(_("not as promised: {title}: {why}", title=result.title, why=result.trouble))
    good = all(result.trouble is None for result in found)
    left = {part.name: part.why for part in known if part.why is not None}
    frame.out.show({"good": good, "results": found, "not-tried": left}, lambda page: _show(page, known, found))
    return 0 if good else _FAILED


def _show(page: Page, known: Sequence[Part], found: Sequence[Result]) -> None:
    rows: list[list[object]] = []
    for part in known:
        of_it = [result for result in found if result.part == part.name]
        kept = sum(result.trouble is None for result in of_it)
        seconds = round(sum(result.seconds for result in of_it), 1)
        said = part.why or (_("all kept") if kept == len(of_it) else _("broken: {count}", count=len(of_it) - kept))
        rows.append([part.title, f"{kept}/{len(of_it)}" if of_it else "–", seconds if of_it else "–", said])
    page.table([_("CONTRACT"), _("KEPT"), _("SECONDS"), _("RESULT")], rows)
    for result in found:
        if result.trouble is not None:
            page.item(_("{part}: {title}: {why}", part=result.part, title=result.title, why=result.trouble))
