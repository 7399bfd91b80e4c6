"""A program's output, kept within bounds, and made fit to be shown."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from threading import Lock

_MASK = "***"
_LINES = 8


class Kept:
    """The first and the last part of what a program writes; what it floods us with in between is dropped.

    Filled by one thread and read by another, which does not always wait for the first to end.
    """

    def __init__(self, limit: int) -> None:
        self._half = max(limit // 2, 1)
        self._head = bytearray()
        self._last: deque[bytes] = deque()
        self._in_last = 0
        self._dropped = 0
        self._lock = Lock()

    def add(self, piece: bytes) -> None:
        with self._lock:
            self._add(piece)

    def _add(self, piece: bytes) -> None:
        fits = self._half - len(self._head)
        self._head += piece[:fits]
        rest = piece[fits:]
        if not rest:
            return
        self._last.append(rest)
        self._in_last += len(rest)
        while self._in_last - len(self._last[0]) >= self._half:
            gone = len(self._last.popleft())
            self._in_last -= gone
            self._dropped += gone

    def text(self, encoding: str) -> str:
        """Bytes that are no text in this encoding are shown, not dropped and not an error."""
        with self._lock:
            gap = f"\n[... {self._dropped} ...]\n".encode("ascii") if self._dropped else b""
            whole = bytes(self._head) + gap + b"".join(self._last)
        return whole.decode(encoding, "backslashreplace")


def masked(text: str, secrets: Sequence[str]) -> str:
    """The text without the secrets; the longest first, so that none shows through another."""
    for secret in sorted((s for s in secrets if s), key=len, reverse=True):
        text = text.replace(secret, _MASK)
    return text


def tail(text: str) -> str:
    """The last lines: that is where programs say what went wrong."""
    return "\n".join([line for line in text.splitlines() if line.strip()][-_LINES:])
