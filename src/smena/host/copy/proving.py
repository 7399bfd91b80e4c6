"""What proves a copy: it is read back beside its source, and the listing holds the digest of both.

Whoever copies does not wait for that: the files are handed on open, a second thread compares them and writes the
listing, in the order in which they come. Only so many are on the way that neither memory nor descriptors run out; what
is too many is compared at once.

In a tree that may be written meanwhile a difference is no error: the entry counts as changed, and is copied again
after the stop.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from smena.errors import CopyDiffers
from smena.host.copy.state import State
from smena.host.native import content
from smena.host.trouble import telling
from smena.text import _

_OPEN = 16
_ENTRIES = 1000
_BATCHES = 3


class Pair(NamedTuple):
    """A file and its copy, both open; whoever has the pair closes them."""

    source: int
    copy: int

    def close(self) -> None:
        os.close(self.source)
        os.close(self.copy)


def compared(state: State, pair: Pair, *, live: bool) -> State:
    """The state with its proof."""
    proof = hashlib.sha256()
    with telling(_("cannot read {path}", path=state.path)):
        same = content.same(pair.source, pair.copy, proof.update)
    if same:
        return msgspec.structs.replace(state, proof=proof.hexdigest())
    if live:
        return msgspec.structs.replace(state, settled=False)
    raise CopyDiffers(_("the copy of {path} is not the same", path=state.path))


class Prover:
    """The second thread. What fails there is raised where the next entries are handed over, or at the end."""

    def __init__(self, write: Callable[[object], None], *, live: bool) -> None:
        self._write = write
        self._live = live
        self._batch: list[tuple[State, Pair | None]] = []
        self._open = 0
        self._batches: Queue[list[tuple[State, Pair | None]] | None] = Queue(_BATCHES)
        self._trouble: Exception | None = None
        self._thread = Thread(target=self._work, name="prover")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._batches.put(self._batch)
        self._batches.put(None)
        self._thread.join()
        if error is None and self._trouble is not None:
            raise self._trouble

    def add(self, state: State, pair: Pair | None = None) -> None:
        if pair is not None and self._batches.full():  # the second thread is behind: this one has the time
            state, pair = self._listed(state, pair), None
        self._batch.append((state, pair))
        self._open += pair is not None
        if self._open >= _OPEN or len(self._batch) >= _ENTRIES:
            self._batches.put(self._batch)
            self._batch, self._open = [], 0
            if self._trouble is not None:
                raise self._trouble

    def _work(self) -> None:
        while (batch := self._batches.get()) is not None:
            for state, pair in batch:
                try:
                    if self._trouble is None:
                        self._write(self._listed(state, pair))
                    elif pair is not None:
                        pair.close()
                except Exception as error:  # noqa: BLE001 - raised again by whoever copies
                    self._trouble = error

    def _listed(self, state: State, pair: Pair | None) -> State:
        if pair is None:
            return state
        try:
            return compared(state, pair, live=self._live)
        finally:
            pair.close()
