"""Names for runs: short, sortable by time, easy to read out on the telephone."""

from __future__ import annotations

import secrets

from smena import clock

_SYMBOLS = "23456789abcdefghjkmnpqrstuvwxyz"  # no 0/o, 1/l/i


def new_run_id() -> str:
    """Like `20261121-0932-k7f`: the day, the minute, and three symbols that make it unique."""
    return f"{clock.now():%Y%m%d-%H%M}-" + "".join(secrets.choice(_SYMBOLS) for _ in range(3))
