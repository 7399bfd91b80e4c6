"""What the contract of all kinds of keys is tested on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from smena.keys.exchange.ports import Key
from support.keyworld import Vendor


class Kind(NamedTuple):
    """A key of one kind, made, which can be opened as often as wanted."""

    name: str
    vendor: Vendor
    folder: Path
    opened: Callable[[], AbstractContextManager[Key]]
