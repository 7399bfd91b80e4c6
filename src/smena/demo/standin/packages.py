"""Packages of the stand-in: `5.0-release-ru-5.0.13334.0.standin.tar.gz` with one folder, named by the version.

The same call gives the same bytes: times, owners and order are fixed, so that a package's
hash can stand in a test. `padding` adds that many incompressible bytes, for packages of a
real one's size.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import marshal
import sys
import tarfile
from collections.abc import Iterator
from functools import cache
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path

import msgspec

from smena.demo.standin import templates
from smena.demo.standin.releases import RELEASES, Release, release

HERE = Path(__file__).parent
PROGRAM = "standin_product"
SERVICES = ("comindware", "apigateway", "adapterhost")
PIECE = 1 << 20
TIME = 1_700_000_000
_SAME_BYTES = 2
"""The form of marshal before references: those depend on what else lives in the process."""

_STARTER = '''"""{service}: a service of the stand-in product. Usage: {service}.py INSTANCE-FILE"""

import sys

from {program}.{service} import {kind}
from {program}.service import main

main(sys.argv, {kind})
'''
_LAUNCHER = """#!/bin/sh
# {service}: starts the service through the instance's own link, with the interpreter of its environment file.
exec "${{STANDIN_PYTHON:-python3}}" -E -s -S -B "${{0%/*}}/{service}.py" "$@"
"""
_KINDS = {"comindware": "Comindware", "apigateway": "ApiGateway", "adapterhost": "AdapterHost"}

Member = tuple[str, bytes, int]
"""A file of a version's folder: path, content, mode."""


def package_name(version: str) -> str:
    found = release(version)
    return f"{found.short}-release-ru-{found.version}.standin.tar.gz"


def make(folder: Path, version: str, *, padding: int = 0) -> Path:
    """Write a version's package into a folder and return its path."""
    found = release(version)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / package_name(version)
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=1, mtime=TIME) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content, mode in members(found, padding):
            archive.addfile(_info(f"{found.version}/{name}", len(content), mode), io.BytesIO(content))
    return path


def members(found: Release, padding: int = 0) -> Iterator[Member]:
    """Everything in a version's folder, in a fixed order."""
    files = {**_content(found), **_program(), **templates.of_package(SERVICES)}
    files["data/release.json"] = msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n"
    for name in sorted(files):
        runs = name.startswith("bin/") and name.count("/") == 1
        yield name, files[name], 0o755 if runs else 0o644
    yield from _padding(found.version, padding)


def default(version: str, name: str) -> bytes:
    """A default file as a version ships it, such as `Ignite.config`."""
    return _content(release(version))[name]


def _content(found: Release) -> dict[str, bytes]:
    """What earlier versions brought, with the newest form of each file, and without what is gone."""
    files: dict[str, bytes] = {}
    for earlier in RELEASES[: RELEASES.index(found) + 1]:
        source = HERE / "content" / earlier.version
        for path in sorted(source.rglob("*")):
            if path.is_file():
                files[path.relative_to(source).as_posix()] = path.read_bytes()
    if "Workers.config" not in found.requires:
        del files["Workers.config"]
    return files


@cache
def _program() -> dict[str, bytes]:
    """The same in every version, and compiled beforehand: a service starts quicker, and leaves nothing behind."""
    files = {}
    for path in sorted((HERE / "program" / PROGRAM).glob("*.py")):
        source, compiled = path.read_bytes(), f"__pycache__/{path.stem}.{sys.implementation.cache_tag}.pyc"
        files[f"bin/{PROGRAM}/{path.name}"] = source
        files[f"bin/{PROGRAM}/{compiled}"] = _compiled(source, path.name)
    for service in SERVICES:
        words = {"service": service, "program": PROGRAM, "kind": _KINDS[service]}
        files[f"bin/{service}.py"] = _STARTER.format_map(words).encode()
        files[f"bin/{service}"] = _LAUNCHER.format_map(words).encode()
    return files


def _compiled(source: bytes, name: str) -> bytes:
    """What Python keeps of a module, in the form that is never compared with the source (PEP 552)."""
    code = compile(source, name, "exec", dont_inherit=True)
    return MAGIC_NUMBER + (1).to_bytes(4, "little") + source_hash(source) + marshal.dumps(code, _SAME_BYTES)


def _padding(seed: str, size: int) -> Iterator[Member]:
    for place, start in enumerate(range(0, size, PIECE)):
        content = hashlib.shake_128(f"{seed} {place}".encode()).digest(min(PIECE, size - start))
        yield f"resources/media/{place:06d}.bin", content, 0o644


def _info(name: str, size: int, mode: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, mode, TIME
    return info
