"""Sizes, times and how long things took, for people."""

from __future__ import annotations

from datetime import datetime

from smena.text import Text, _, plain

_STEP = 1024


def size_words(size: int | None) -> Text:
    """A size as people read it, in powers of 1024; what was not measured is a dash."""
    if size is None:
        return plain("–")
    if size < _STEP:
        return _("{number} B", number=size)
    number = float(size)
    for unit in (_("{number} KB"), _("{number} MB"), _("{number} GB")):
        number /= _STEP
        if number < _STEP * 0.9995:
            return Text(unit.template, {"number": f"{number:.3g}" if number < 1000 else f"{number:.0f}"})
    return _("{number} TB", number=f"{number / _STEP:.3g}")


def seconds_words(seconds: float | None) -> Text:
    """How long something took; nothing where it was not measured, or too short to be worth a word."""
    return plain("") if seconds is None or seconds < 0.1 else _("  {number} s", number=f"{seconds:.1f}")


def time_words(stamp: str | None) -> str:
    """A time as the host's clock shows it."""
    return "–" if stamp is None else f"{datetime.fromisoformat(stamp).astimezone():%Y-%m-%d %H:%M}"
