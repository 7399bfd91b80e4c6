"""The platform: holds the database, converts it when it is older, keeps records and uploaded files.

POST /records        one JSON text; with `application/x-ndjson` one a line, all or none
GET  /records[/ID]   all of them with their ids; one, byte for byte as it was posted
POST /files/NAME     an upload; the file lies in Streams before its record exists
GET  /files[/ID]     all of them with name, size and hash; one
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from io import BufferedReader

from . import caches, conversion, database, disk, records
from .formats import Record
from .inner import InnerService
from .web import CHUNK, Problem, Request, Response, answer_json


class Comindware(InnerService):
    name = "comindware"

    def begin(self) -> None:
        """Open the database; from here on it answers, or says why it never will."""
        folder, structure = self.instance.database, self.instance.release.structure
        self._warn()
        disk.folder(self.instance.streams)
        database.load(folder)
        self._lock = database.hold(folder)
        state = database.load(folder) or database.create(folder, structure)
        if conversion.judge(self.instance, state):
            self.state = "converting"
            conversion.Conversion(self.instance, self.logs, self.faults).run(state)
            self.state = "starting"
        caches.check_data(folder)
        records.mend(folder)
        self._records = records.Records(folder, structure)
        stale = caches.stale(folder, structure) if self.instance.release.stale_caches_refused else []
        if stale:
            self.fail(f"caches of an older structure in {folder}/db/node1, delete them: {', '.join(stale)}")
        else:
            caches.rebuild(folder, structure)

    def close(self) -> None:
        if self.state == "up":
            self._records.close()
        super().close()

    def handle(self, request: Request) -> Response:
        self.admit(request)
        if request.target == "/health":
            return answer_json(200, {**self.health(), **self._about()})
        if self.state != "up":
            raise Problem(503, f"{self.state} {self.why}".strip())
        try:
            return self._route(request)
        except OSError as error:
            raise Problem(507 if error.errno == errno.ENOSPC else 500, str(error)) from None

    def _route(self, request: Request) -> Response:
        part, _, rest = request.target.removeprefix("/").partition("/")
        acts: dict[tuple[str, str], Callable[[Request, str], Response]] = {
            ("GET", "records"): self._get_record if rest else self._get_records,
            ("POST", "records"): self._post_records,
            ("GET", "files"): self._get_file if rest else self._get_files,
            ("POST", "files"): self._post_file,
        }
        act = acts.get((request.method, part))
        if act is None:
            raise Problem(404, f"no such address: {request.method} {request.target}")
        return act(request, rest)

    def _get_records(self, _request: Request, _rest: str) -> Response:
        found = [{"id": number, "text": text} for number, kind, text in self._list() if kind == "record"]
        return answer_json(200, found)

    def _get_record(self, _request: Request, rest: str) -> Response:
        return Response(200, "application/json; charset=utf-8", self._find(rest, "record").encode())

    def _post_records(self, request: Request, _rest: str) -> Response:
        try:
            text = request.body().decode()
            many = request.headers.get("content-type", "").startswith("application/x-ndjson")
            texts = [line for line in text.split("\n") if line.strip()] if many else [text]
            for one in texts:
                json.loads(one, parse_constant=_no_json)
        except ValueError as error:
            raise Problem(400, f"not JSON: {error}") from None
        ids = self._records.add([("record", one) for one in texts])
        return answer_json(201, {"ids": ids} if many else {"id": ids[0]})

    def _get_files(self, _request: Request, _rest: str) -> Response:
        files = [{"id": number, **json.loads(text)} for number, kind, text in self._list() if kind == "file"]
        return answer_json(200, files)

    def _get_file(self, _request: Request, rest: str) -> Response:
        about = json.loads(self._find(rest, "file"))
        file = open(os.path.join(self.instance.streams, about["stream"]), "rb")  # noqa: SIM115  (_pieces closes it)
        return Response(200, "application/octet-stream", _pieces(file), about["size"])

    def _post_file(self, request: Request, rest: str) -> Response:
        from hashlib import sha256  # late: it would lengthen every start

        stream = f"{os.urandom(1).hex()}/{os.urandom(12).hex()}"
        target = os.path.join(self.instance.streams, stream)
        disk.folder(os.path.dirname(target))
        digest, size = sha256(), 0
        try:
            with open(target + ".new", "wb") as file:
                for piece in request.pieces():
                    file.write(piece)
                    digest.update(piece)
                    size += len(piece)
                file.flush()
                disk.sync(file.fileno())
        except (Problem, OSError):
            os.unlink(target + ".new")
            raise
        disk.move(target + ".new", target)
        about = {"name": _name(rest), "size": size, "sha256": digest.hexdigest(), "stream": stream}
        (number,) = self._records.add([("file", json.dumps(about, ensure_ascii=False))])
        return answer_json(201, {"id": number, **about})

    def _list(self) -> list[Record]:
        return list(self._records.all)

    def _find(self, rest: str, kind: str) -> str:
        for number, found, text in self._list():
            if str(number) == rest and found == kind:
                return text
        raise Problem(404, f"no {kind} {rest}")

    def _about(self) -> dict[str, object]:
        instance = self.instance
        return {"structure": instance.release.structure, "workers": instance.workers, "settings_of": instance.version}

    def _warn(self) -> None:
        if self.instance.version != self.instance.release.version:
            self.logs.warning(f"the instance's file is of version {self.instance.version}")
        if "Workers.config" not in self.instance.release.requires and os.path.exists(
            os.path.join(self.instance.config, "Workers.config")
        ):
            self.logs.warning("Workers.config is not read any more: set workers.count in the instance's file")


def _pieces(file: BufferedReader) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _name(rest: str) -> str:
    """A file's name from the address: percent-encoded UTF-8."""
    head, *coded = rest.split("%")
    try:
        content = head.encode() + b"".join(bytes.fromhex(code[:2]) + code[2:].encode() for code in coded)
        return content.decode()
    except ValueError:
        raise Problem(400, "the name is not percent-encoded UTF-8") from None


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
