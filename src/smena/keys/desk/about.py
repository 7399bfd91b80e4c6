"""What the desk knows of a key beside its account: whose it is, and what it is made of."""

from __future__ import annotations

from typing import Literal

import msgspec


class About(msgspec.Struct, frozen=True, kw_only=True):
    """`proven` says how it was seen that the key is in hardware; empty: nobody has seen it."""

    customer: str = ""
    mail: str = ""
    model: str = ""
    firmware: str = ""
    number: str = ""
    serial: str = ""
    """Of what was bought, where the customer named one."""
    proven: str = ""
    enrolled: str = ""
    by: str = ""
    state: Literal["counts", "replaced"] = "counts"
    instead: bytes = b""
    """The key that took its place."""
