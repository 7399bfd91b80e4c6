"""Waiting for a person at a keyboard."""

from __future__ import annotations

import os
import select
import signal
import sys
from typing import TextIO

assert sys.platform != "win32"  # tells mypy too


def await_line(keyboard: TextIO) -> None:
    """Wait until a line was typed. A signal ends the wait whenever it comes, and its handler runs at once.

    A plain read notices a signal that came just before it only when somebody types: hence the pipe, which the
    signal itself writes into.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    before = signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    try:
        poll = select.poll()  # unlike select it takes descriptors of any number
        poll.register(keyboard.fileno(), select.POLLIN)
        poll.register(woken, select.POLLIN)
        poll.poll()
    finally:
        signal.set_wakeup_fd(before)
        os.close(wake)
        os.close(woken)
