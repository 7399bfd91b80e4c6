"""Serial numbers of what was bought, as people write them."""

from __future__ import annotations

import re


def tidy(serial: str) -> str:
    """Groups and case are for people: `ab12-cd34` is `AB12CD34`."""
    return re.sub(r"[\s-]+", "", serial).upper()
