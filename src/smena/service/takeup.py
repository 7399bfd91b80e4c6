"""Runs that something interrupted are taken up by the next call of smena, whatever it is.

What cannot be taken up is said and keeps nobody from what he wanted to do. At boot the call is
`python -m smena.service.takeup HOME`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from smena.service.openruns import open_runs
from smena.text import Text, _


class Taken(NamedTuple):
    """A run that goes on again, or why it does not."""

    run: str
    goes_on: bool
    said: Text


def take_up(home: Path) -> list[Taken]:
    """Start again what nobody carries and nobody is asked about."""
    found = [_take_up(home, run) for run in open_runs(home)]
    return [*(taken for taken in found if taken is not None), *_headers_over(home)]


def _headers_over(home: Path) -> list[Taken]:
    """Headers of IIS whose last day is past: IIS knows no date in a header, so they end here."""
    if not (home / "headers").is_dir():
        return []
    from smena.drivers.iis_header import IisHeaders
    from smena.errors import SmenaError
    from smena.service import home_access

    headers = IisHeaders(home)
    try:
        for instance in headers.over():
            home_access.refuse_if_not_ours(home)
            headers.take_away(instance)
    except SmenaError as error:
        what = _("a header for browsers cannot be taken away")
        return [Taken("", False, _("{what}: {why}", what=what, why=error.message))]
    return []


def _take_up(home: Path, run: str) -> Taken | None:
    from smena.errors import RunUnknown, SmenaError
    from smena.service import launching, runs

    try:
        view = runs.view(home, run)
        if view.ended and not view.carried:  # it died between its last word and the mark
            launching.start(home, run)
        if view.state != "interrupted":
            return None
        launching.start(home, run)
    except RunUnknown:  # it died before its journal was made: it is no run, and nothing was touched
        return None
    except SmenaError as error:
        return Taken(run, False, _("run {run} cannot be taken up: {why}", run=run, why=error.message))
    names = {"run": run, "instance": view.run.instance}
    return Taken(run, True, _("run {run} of {instance} was interrupted; it goes on now", **names))


def main(arguments: Sequence[str]) -> int:
    """What the unit calls at boot: start what was interrupted."""
    (home,) = arguments
    take_up(Path(home))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
