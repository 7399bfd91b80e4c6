"""A user of a site on a throwaway host, who asks all the time and remembers every single answer.

What he sees is a version's page, the maintenance page, or something that he should never see, told word by word: an
answer that is cut off, another status, a refused connection.
"""

from __future__ import annotations

import http.client
import re
import threading
from itertools import groupby
from typing import Self

from support.systemd_host import SystemdHost

PAGE = "page"
_PAUSE = 0.02
_VERSION = re.compile(r"Версия ([\w.]+) \(stand-in\)")
_CUT = (http.client.RemoteDisconnected, ConnectionResetError)


class Visitor:
    """Asks from entering to leaving, in a thread of its own in the host's network."""

    def __init__(self, host: SystemdHost, port: int) -> None:
        self.seen: list[str] = []
        self.headers: dict[str, str] = {}
        """Those of the last answer."""
        self.asked_again = 0
        """How often a connection was closed before anything came: a reload may do that, and browsers ask again."""
        self._host, self._port = host, port
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.sees()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join(20)

    @property
    def order(self) -> list[str]:
        """What was seen, one after the other; the same thing many times counts once."""
        return [what for what, _same in groupby(self.seen)]

    def sees(self) -> str:
        """What the next question is answered with that was not asked yet."""
        known = len(self.seen)
        while len(self.seen) < known + 2:
            assert self._thread.is_alive(), "the visitor is gone"
            self._over.wait(_PAUSE)
        return self.seen[-1]

    def _visit(self) -> None:
        with self._host.network():
            while not self._over.wait(_PAUSE):
                self.seen.append(self._twice())

    def _twice(self) -> str:
        try:
            return self._once()
        except _CUT:
            self.asked_again += 1
        except (OSError, http.client.HTTPException) as error:
            return f"{type(error).__name__}: {error}"
        try:
            return self._once()
        except (OSError, http.client.HTTPException) as error:
            return f"again {type(error).__name__}: {error}"

    def _once(self) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("GET", "/")
            response = connection.getresponse()
            body = response.read().decode("utf-8", "replace")
        finally:
            connection.close()
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        whole = body.rstrip().endswith("</html>")
        version = _VERSION.search(body)
        if response.status == 200 and version and whole:
            return version[1]
        if response.status == 503 and "retry-after" in self.headers and "We are upgrading" in body and whole:
            return PAGE
        return f"{response.status} {body[-200:]}"
