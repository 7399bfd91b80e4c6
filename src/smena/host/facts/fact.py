"""A fact: a named thing read from the host just now.

Stable ones (platform, software, mounts) a plan may rely on: it is refused when they changed.
Volatile ones (room, processes, ports) are judged again each time.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

from smena import clock

Value = TypeVar("Value")


class Fact(msgspec.Struct, Generic[Value], frozen=True):
    """`at` is when it was measured: a size without its time says nothing."""

    name: str
    value: Value
    stable: bool
    at: str


def stable(name: str, value: Value) -> Fact[Value]:
    return Fact(name, value, True, clock.stamp())


def volatile(name: str, value: Value) -> Fact[Value]:
    return Fact(name, value, False, clock.stamp())
