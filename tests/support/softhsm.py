"""SoftHSM as the USB key: a token of its own for each test, in a folder that can be pulled out or filled."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from smena.keys.tokens import pin, pkcs11
from smena.keys.tokens.pin import Pin
from smena.keys.tokens.pkcs11 import Spec
from support.need import need

PIN = "271828"
_LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")


class SoftHsm:
    """One token. The library reads its configuration from the environment, each time it is initialised."""

    def __init__(self, folder: Path) -> None:
        library = next((path for path in _LIBRARIES if Path(path).exists()), None)
        need(library, "SoftHSM 2 (softhsm2)")
        assert library is not None
        self.library = library
        self.tokens = folder / "tokens"
        self.tokens.mkdir(parents=True, exist_ok=True)
        self.config = folder / "softhsm2.conf"
        self.config.write_text(
            f"directories.tokendir = {self.tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8"
        )

    def plug_in(self) -> None:
        os.environ["SOFTHSM2_CONF"] = str(self.config)

    def initialise(self) -> None:
        command = ["softhsm2-util", "--init-token", "--free", "--label", "smena", "--so-pin", "314159", "--pin", PIN]
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "SOFTHSM2_CONF": str(self.config)})

    def pull_out(self) -> None:
        self.tokens.rename(self.tokens.with_name("pulled-out"))

    def put_in(self) -> None:
        self.tokens.with_name("pulled-out").rename(self.tokens)

    @property
    def spec(self) -> Spec:
        self.plug_in()
        [token] = [found for found in pkcs11.found(self.library) if found.label == "smena"]
        return Spec(library=self.library, serial=token.serial)

    def source(self, value: str = PIN) -> pin.Source:
        return lambda: Pin(value)


def made(folder: Path) -> SoftHsm:
    """Each has the same serial number, for it is a copy of the first: that takes a third of a second."""
    found = SoftHsm(folder)
    shutil.copytree(_new_token(), found.tokens, dirs_exist_ok=True)
    found.plug_in()
    return found


@cache
def _new_token() -> Path:
    first = SoftHsm(Path(tempfile.mkdtemp(prefix="smena-token-")))
    atexit.register(shutil.rmtree, first.tokens.parent, ignore_errors=True)
    first.initialise()
    return first.tokens
