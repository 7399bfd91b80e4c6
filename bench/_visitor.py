"""Somebody who asks the site every two milliseconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from smena.demo.standin import client


class Visitor:
    """Asks all the time; the time in which nobody answered."""

    def __init__(self, url: str) -> None:
        self._url, self._over, self._silent = url, threading.Event(), 0.0
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def measured(self, act: Callable[[], None]) -> float:
        self._thread.start()
        time.sleep(0.05)
        act()
        client.wait(self._url)
        time.sleep(0.05)
        self._over.set()
        self._thread.join()
        return self._silent * 1000

    def _visit(self) -> None:
        good = time.perf_counter()
        silent_since = None
        while not self._over.wait(0.002):
            health = client.answers(self._url, timeout=1.0)
            now = time.perf_counter()
            if health is not None and health.status == "ok":
                if silent_since is not None:
                    self._silent += now - silent_since
                    silent_since = None
                good = now
            elif silent_since is None:
                silent_since = good
