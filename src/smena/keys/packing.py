"""Bytes that came from anywhere, made into objects: whatever they are, there is an object or none, never a crash."""

from __future__ import annotations

from typing import TypeVar

import msgspec

T = TypeVar("T")

_TROUBLE = (msgspec.MsgspecError, ValueError, RecursionError)


def unpacked(data: bytes, kind: type[T]) -> T | None:
    """What msgpack holds."""
    try:
        return msgspec.msgpack.decode(data, type=kind)
    except _TROUBLE:
        return None


def read(data: bytes, kind: type[T]) -> T | None:
    """What JSON holds."""
    try:
        return msgspec.json.decode(data, type=kind)
    except _TROUBLE:
        return None
