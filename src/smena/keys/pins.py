"""Where the PIN of a key comes from: what was said now counts before what was said once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from smena.host.paths import decode
from smena.keys.ring import Place
from smena.keys.tokens import pin


@dataclass(frozen=True)
class Pins:
    """What this call has: a file that was named, or a person who is asked by the key's name."""

    file: Path | None = None
    ask: Callable[[str], pin.Pin] | None = None


def source(place: Place, pins: Pins | None) -> pin.Source:
    """The file of this call, the one that the key remembers, the service manager, a person: the first of them."""
    pins = pins or Pins()
    ask = pins.ask
    if pins.file is not None:
        return pin.from_file(pins.file)
    if place.about.pin_file:
        return pin.from_file(Path(decode(place.about.pin_file)))
    return pin.from_system() or (pin.nobody if ask is None else lambda: ask(place.name))
