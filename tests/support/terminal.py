"""A command on a terminal of its own, as a person has it."""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping


def _on_a_terminal() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever started the tests may have it ignored
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """A command on a terminal of its own: what it writes, and what a person types."""

    def __init__(self, environment: Mapping[str, str], *arguments: str, **more: str) -> None:
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.seen = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "smena", *arguments],
            env=dict(environment) | {"TERM": "dumb"} | more,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_on_a_terminal,  # noqa: PLW1509 - nothing but calls to the system
        )
        os.close(slave)

    def until(self, words: str, limit: float = 30.0) -> str:
        """Read until an expression is met; everything that came since the last time."""
        end = time.monotonic() + limit
        while not (found := re.search(words, self.seen)):
            assert time.monotonic() < end, f"{words} never came: {self.seen}"
            assert self._read(0.1) or self.process.poll() is None, f"{words} never came: {self.seen}"
        said, self.seen = self.seen[: found.end()], self.seen[found.end() :]
        return said

    def type(self, words: str) -> None:
        os.write(self.master, words.encode())

    def ends(self, limit: float = 30.0) -> int:
        end = time.monotonic() + limit
        while self.process.poll() is None:
            assert time.monotonic() < end, self.seen
            self._read(0.05)
        while self._read(0.0):
            pass
        return self.process.returncode

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.master)

    def _read(self, wait: float) -> bool:
        if not select.select([self.master], [], [], wait)[0]:
            return False
        try:
            self.seen += os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            return False
        return True
