"""The journal's rows as typed values."""

from __future__ import annotations

from typing import Any

import msgspec

from smena.store import Row
from smena.text import Text


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a run when it is made."""

    id: str
    kind: str
    instance: str
    product: str
    from_version: str
    to_version: str
    plan: bytes
    plan_hash: str
    options: bytes
    smena: str
    who: str
    host: str


class NewStep(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the frozen plan, as the engine needs it."""

    kind: str
    params: bytes
    title: Text
    hop: int = 0
    phase: str = "switch"
    version: int = 1
    no_return: Text | None = None


class RunRow(Header, frozen=True, kw_only=True):
    """A run as it stands."""

    state: str
    why: Text | None
    recoveries: int
    created: str
    started: str | None
    finished: str | None


class StepRow(msgspec.Struct, frozen=True, kw_only=True):
    """A step as it stands."""

    seq: int
    kind: str
    version: int
    params: bytes
    hop: int
    phase: str
    title: Text
    no_return: Text | None
    status: str
    record: bytes | None
    attempts: int
    started: str | None
    finished: str | None
    undone: str | None
    seconds: float | None
    why: Text | None


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said during a run."""

    id: int
    at: str
    seq: int | None
    level: str
    text: Text
    fraction: float | None


class KeptRow(msgspec.Struct, frozen=True, kw_only=True):
    """One thing of a restore point: what lay at a path before a step."""

    id: int
    seq: int
    path: str
    how: str
    content: str | None
    detail: bytes | None
    state: str
    at: str


def pack(text: Text | None) -> bytes | None:
    return None if text is None else msgspec.json.encode(text)


def unpack(data: bytes | None) -> Text | None:
    return None if data is None else msgspec.json.decode(data, type=Text)


def run_row(row: Row) -> RunRow:
    return RunRow(**{**dict(row), "why": unpack(row["why"])})


def step_row(row: Row) -> StepRow:
    fields: dict[str, Any] = dict(row)
    for name in ("title", "no_return", "why"):
        fields[name] = unpack(fields[name])
    return StepRow(**fields)


def event_row(row: Row) -> EventRow:
    return EventRow(**{**dict(row), "text": unpack(row["text"])})


def kept_row(row: Row) -> KeptRow:
    return KeptRow(**dict(row))
