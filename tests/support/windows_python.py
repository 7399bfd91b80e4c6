"""smena below Wine in a Python for Windows, as it runs on Windows: no path is mapped, nothing is Linux's.

The Python is built by `scripts/windows_python/build` (see docs/adr/0079) and lies outside the checkout, so that it is
built once a machine. smena itself is read from the checkout, on the drive that reaches all of this host.
"""

from __future__ import annotations

import functools
import os
import selectors
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from support import wine
from support.need import need

_TOP = Path(__file__).resolve().parents[2]
_BUILD = _TOP / "scripts/windows_python/build"
_SECONDS = 300.0
_BUILDING_SECONDS = 1800.0


class Ended(NamedTuple):
    """A program that has ended, and what it wrote."""

    status: int
    out: str
    err: str


@functools.cache
def program() -> Path:
    """Built by `make test`; whoever starts tests by hand builds it here."""
    wine.needed()
    told = subprocess.run([_BUILD], capture_output=True, text=True, timeout=_BUILDING_SECONDS, check=False)
    need(told.returncode == 0, f"a Python for Windows, which cannot be built here: {told.stderr[-300:]}")
    return Path(told.stdout.strip()) / "python.exe"


def path(place: Path) -> str:
    """How Windows is told a path of this host."""
    return "Z:" + str(place).replace("/", "\\")


@contextmanager
def holding(prefix: Path, held: str) -> Iterator[None]:
    """A program has the file open and shares it with nobody."""
    code = (
        "import ctypes, sys; k = ctypes.windll.kernel32; k.CreateFileW.restype = ctypes.c_void_p; "
        f"h = k.CreateFileW({held!r}, 0x80000000, 0, None, 3, 0, None); "
        "print(h != 2**64 - 1, flush=True); sys.stdin.read()"
    )
    command = ["wine", str(program()), "-c", code]
    with subprocess.Popen(
        command, env=wine.environment(prefix), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"True"
        yield
        holder.communicate(timeout=30)


def run(prefix: Path, *words: str, more: Mapping[str, str] | None = None, seconds: float = _SECONDS) -> Ended:
    """Call Python in a host that is switched on (`wine.up`)."""
    environment = wine.environment(prefix) | {
        "PYTHONPATH": ";".join(map(path, (_TOP / "src", _TOP / "tests"))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **(more or {}),
    }
    command = ["wine", str(program()), *words]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            out, err = _read(process, seconds)
        finally:
            process.kill()
    return Ended(process.returncode, _text(out), _text(err))


def _read(process: subprocess.Popen[bytes], seconds: float) -> tuple[bytes, bytes]:
    """What it writes until it has ended. What it leaves behind (a console of Wine's) may hold the pipes open for ever.

    They are pipes because a plain file of Linux has no handle that Wine's programs can ask.
    """
    assert process.stdout is not None
    assert process.stderr is not None
    deadline = time.monotonic() + seconds
    said = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    with selectors.DefaultSelector() as waiting:
        for descriptor in said:
            waiting.register(descriptor, selectors.EVENT_READ)
        while waiting.get_map():
            ready = waiting.select(0.2)
            if not ready and process.poll() is not None:
                break
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(process.args, seconds)
            for key, _events in ready:
                piece = os.read(key.fd, 65536)
                said[key.fd] += piece
                if not piece:
                    waiting.unregister(key.fd)
    process.wait(max(1.0, deadline - time.monotonic()))
    out, err = said.values()
    return bytes(out), bytes(err)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\r\n", os.linesep)
