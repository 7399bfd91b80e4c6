"""Talks to an instance's site, as its users do: fill it, ask how it is, read everything back.

`all_data` is the measure of every upgrade: two values are equal only if no record and no
byte of an upload differs.
"""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from smena import clock
from smena.errors import SiteFailed
from smena.text import _, plain

TIMEOUT = 30.0
BATCH = 100
PIECE = 1 << 20


class Health(msgspec.Struct, frozen=True):
    """What the site says of itself; `status` is `ok` only if all three services are up and of one version."""

    product: str
    instance: str
    version: str
    status: str
    why: str
    structure: str
    settings_of: str
    """The version that the instance's file names."""
    workers: int
    services: dict[str, dict[str, Any]]


class Data(msgspec.Struct, frozen=True):
    """Everything that users put in: records by id as they were put,
    uploads by id with name, size and the hash of what was read."""

    records: dict[int, str]
    files: dict[int, tuple[str, int, str]]

    def within(self, other: Data) -> bool:
        """Whether all of this is there, unchanged; there may be more."""
        return self.records.items() <= other.records.items() and self.files.items() <= other.files.items()


def answers(url: str, *, timeout: float = TIMEOUT) -> Health | None:
    """How the instance is; None if nobody, or somebody else, answers there."""
    try:
        with _open(urllib.request.Request(f"{url.rstrip('/')}/health"), timeout) as response:  # noqa: S310
            content = response.read()
    except urllib.error.HTTPError as error:
        content = _told(error)
    except (OSError, HTTPException):
        return None
    try:
        return msgspec.json.decode(content, type=Health)
    except msgspec.MsgspecError:
        return None


def wait(url: str, status: str = "ok", *, limit: float = TIMEOUT) -> Health:
    """Wait until the instance is in a state, and say how it is."""
    end = clock.ticks() + limit
    while (health := answers(url)) is None or health.status != status:
        if clock.ticks() > end:
            seen = plain(f"{health.status} {health.why}") if health else _("it does not answer")
            raise SiteFailed(_("{url} did not get to the state {status}", url=url, status=status), why=[seen])
        clock.sleep(0.01)
    return health


def fill(url: str, records: int, files: int, *, size: int = 20_000) -> Data:
    """Put in made-up records and uploads, all different, and return what was answered for."""
    put: dict[int, str] = {}
    for start in range(0, records, BATCH):
        texts = [_record(number) for number in range(start, min(start + BATCH, records))]
        body = "\n".join(texts).encode()
        ids = _call("POST", f"{url}/records", body, "application/x-ndjson")["ids"]
        put.update(zip(ids, texts, strict=True))
    uploads = [upload(url, f"Вложение {number}.bin", _noise(number, size)) for number in range(files)]
    return Data(put, dict(uploads))


def upload(url: str, name: str, content: bytes) -> tuple[int, tuple[str, int, str]]:
    """Put in one file; its id, and what `all_data` must say of it."""
    answer = _call("POST", f"{url}/files/{quote(name)}", content, "application/octet-stream")
    return answer["id"], (name, len(content), hashlib.sha256(content).hexdigest())


def add(url: str, value: object) -> int:
    """Put in one record; durable once this returns."""
    return int(
        _call("POST", f"{url}/records", json.dumps(value, ensure_ascii=False).encode(), "application/json")["id"]
    )


def all_data(url: str) -> Data:
    """Everything, read through the site: each upload to its last byte."""
    records = {item["id"]: item["text"] for item in _call("GET", f"{url}/records")}
    files = {item["id"]: (item["name"], *_digest(f"{url}/files/{item['id']}")) for item in _call("GET", f"{url}/files")}
    return Data(records, files)


def bulk(streams: Path, size: int, files: int) -> None:
    """Put `size` bytes in `files` files straight into Streams: weight for benchmarks, which the site does not list."""
    block = _noise(0, PIECE)
    for number in range(files):
        path = streams / "bulk" / f"{number // 1000:04d}" / f"{number:08d}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        left = size // files + (1 if number < size % files else 0)
        with path.open("wb") as file:
            file.write(f"{number:08d}".encode()[:left])
            left -= min(left, 8)
            while left:
                left -= file.write(block[: min(left, PIECE)])


def _call(method: str, url: str, body: bytes | None = None, kind: str = "") -> Any:
    headers = {"Content-Type": kind} if kind else {}
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310  (a demo's own address)
    try:
        with _open(request, TIMEOUT) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise _failed(method, url, _told(error).decode("utf-8", "replace") or error) from None
    except (OSError, HTTPException, ValueError) as error:
        raise _failed(method, url, error) from None


def _told(error: urllib.error.HTTPError) -> bytes:
    """What came with a refusal; nothing if the site died over it."""
    with error:
        try:
            return error.read()
        except (OSError, HTTPException):
            return b""


def _failed(method: str, url: str, why: object) -> SiteFailed:
    return SiteFailed(_("{method} {url} failed", method=method, url=url), why=[plain(why)])


def _open(request: urllib.request.Request, timeout: float) -> HTTPResponse:
    """Straight to the site: a proxy of the environment is none of its business."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    response: HTTPResponse = opener.open(request, timeout=timeout)
    return response


def _digest(url: str) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    try:
        with _open(urllib.request.Request(url), TIMEOUT) as response:  # noqa: S310
            for piece in _pieces(response):
                digest.update(piece)
                size += len(piece)
    except (OSError, HTTPException) as error:
        raise _failed("GET", url, error) from None
    return size, digest.hexdigest()


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    while piece := response.read(PIECE):
        yield piece


def _record(number: int) -> str:
    return json.dumps({"number": number, "title": f"Заявка {number}", "done": number % 3 == 0}, ensure_ascii=False)


def _noise(seed: int, size: int) -> bytes:
    return hashlib.shake_128(str(seed).encode()).digest(size)
