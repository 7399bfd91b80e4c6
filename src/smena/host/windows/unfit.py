"""The refusal of what smena cannot do on Windows yet."""

from __future__ import annotations

from smena.errors import NotOnThisPlatform
from smena.text import Text, _


def unfit(what: Text) -> NotOnThisPlatform:
    return NotOnThisPlatform(_("smena cannot do this on Windows yet: {what}", what=what))
