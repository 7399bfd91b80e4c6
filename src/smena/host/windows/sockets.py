"""Listening ports on Windows: not written yet."""

from __future__ import annotations

from smena.host.windows.unfit import unfit
from smena.text import _


def listening() -> list[tuple[str, int, int | None]]:
    raise unfit(_("list the listening ports"))
