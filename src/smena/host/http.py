"""Asking an address once. No answer is an answer too, never an exception.

Proxies of the environment are left out of it: what is asked is the instance itself. Certificates are
not judged, because the question is whether the instance answers, and its certificate may bear another name.
"""

from __future__ import annotations

import http.client
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from smena.text import Text, _, plain

_LIMIT = 1024 * 1024


class Answer(NamedTuple):
    """`status` 0: nobody answered; `words` says why or what."""

    status: int
    body: str
    words: Text

    def fits(self, status: int, has: str | None) -> bool:
        return self.status == status and (has is None or re.search(has, self.body) is not None)


def ask(url: str, timeout: float = 10.0) -> Answer:
    """GET, without following where it leads: a redirect is an answer."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, timeout)
    try:
        connection.request("GET", path, headers={"User-Agent": "smena", "Connection": "close"})
        response = connection.getresponse()
        body = response.read(_LIMIT).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, "", plain(error))
    finally:
        connection.close()
    return Answer(
        response.status, body, _("it answered {status} {reason}", status=response.status, reason=response.reason)
    )


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        import ssl  # takes long to load, and most are asked without

        context = ssl._create_unverified_context()  # noqa: S323 - see the module's rules
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout)
