"""Waiting for a line on a terminal: a signal is noticed at whatever instant it comes."""

from __future__ import annotations

import os
import pty
import random
import signal
from collections.abc import Iterator
from threading import Timer
from typing import TextIO

import pytest

from smena.host.native import keyboards


class Pressed(Exception):
    """What the signal's handler raises."""


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    person, ours = pty.openpty()
    with os.fdopen(ours, encoding="utf-8") as keyboard:
        yield person, keyboard
    os.close(person)


def test_a_typed_line_ends_the_wait(terminal: tuple[int, TextIO]) -> None:
    person, keyboard = terminal
    os.write(person, b"yes\n")
    keyboards.await_line(keyboard)
    assert keyboard.readline() == "yes\n"


def test_a_signal_ends_the_wait_whenever_it_comes(terminal: tuple[int, TextIO]) -> None:
    """Before the wait, in the instants around its beginning, and while it lasts; nobody types."""

    def press(_number: int, _frame: object) -> None:
        raise Pressed

    person, keyboard = terminal
    before = signal.signal(signal.SIGALRM, press)
    rescue = Timer(20, os.write, (person, b"\n"))  # else a signal that was missed would be waited for for ever
    rescue.start()
    chance = random.Random(7)
    try:
        for _round in range(300):
            with pytest.raises(Pressed):
                _pressed_within(chance.uniform(1e-6, 6e-5), keyboard)
    finally:
        rescue.cancel()
        signal.signal(signal.SIGALRM, before)


def _pressed_within(seconds: float, keyboard: TextIO) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds)
    keyboards.await_line(keyboard)
