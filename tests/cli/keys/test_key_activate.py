"""`smena key activate` with the vendor's real desk: a serial number out, a licence in; never for a second computer."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smena.host.facts.computer import computer
from smena.keys.parts import NEEDED
from support import upgrade_host
from support.need import need

Smena = Callable[..., subprocess.CompletedProcess[str]]
Call = Callable[..., Any]
SERIAL = "AB12-CD34-EF56"
KEYS = "keys: {kinds: [software, virtual], product: loginom}\nbefore: [{room: {}}, {answers: {}}]"


@pytest.fixture
def call(smena: Smena, tmp_path: Path) -> Call:
    """A command in one of three homes: `vendor`, `one`, `two`; its answer as an object."""
    need(len(computer().value) >= NEEDED, "three parts of this computer that have a name")

    def called(home: str, *words: str, status: int = 0) -> Any:
        done = smena(*words, "--json", env={"SMENA_HOME": str(tmp_path / home)})
        assert done.returncode == status, (words, done.stdout, done.stderr)
        return json.loads(done.stdout)

    for home in ("one", "two"):
        upgrade_host.define(tmp_path / home, {"before: [{room: {}}, {answers: {}}]": KEYS})
    called("vendor", "desk", "init", "--product", "loginom", "--root", str(tmp_path / "root.key"), "--demo")
    called("vendor", "desk", "serial", "add", SERIAL, "--edition", "team", "--majors", "7", "--seats", "5")
    called("vendor", "desk", "trust", "export", str(tmp_path / "vendor.trust"))
    return called


def activate(call: Call, tmp_path: Path, home: str = "one", *more: str, status: int = 0, name: str = "main") -> Any:
    """The request, as the file that is carried."""
    out = str(tmp_path / f"{home}.smena-activation")
    trust = str(tmp_path / "vendor.trust")
    product = upgrade_host.PRODUCT
    words = ("key", "activate", name, "--product", product, "--order", SERIAL, "--trust", trust, "-o", out, *more)
    return call(home, *words, status=status)


def test_carried_to_the_vendor_and_back(call: Call, tmp_path: Path) -> None:
    first = activate(call, tmp_path)
    request = str(tmp_path / "one.smena-activation")
    again = activate(call, tmp_path)
    assert again["text"].split("BEGIN SMENA QUESTION")[1] == first["text"].split("BEGIN SMENA QUESTION")[1]
    enrolled = call("vendor", "desk", "enrol", request, "--customer", "ACME")
    answer = str(tmp_path / "main.smena-answer")
    call("vendor", "desk", "receive", request)
    call("vendor", "desk", "answer", request, "-o", answer, "--yes")
    done = call("one", "key", "answer", answer, "--yes")
    (tmp_path / "code").write_text(done["text"], "utf-8")
    call("vendor", "desk", "confirm", str(tmp_path / "code"))
    shown = call("one", "key", "show")
    assert (shown["id"], shown["order"]) == (enrolled["key"], SERIAL)
    assert (shown["licence"]["majors"], shown["licence"]["seats"]) == (["7"], 5)
    refused = activate(call, tmp_path, status=3)["error"]
    assert refused["code"] == "serial-used"


def test_never_on_a_second_computer(call: Call, tmp_path: Path) -> None:
    activate(call, tmp_path)
    call("vendor", "desk", "enrol", str(tmp_path / "one.smena-activation"), "--customer", "ACME")
    activate(call, tmp_path, "two")  # the second computer can ask …
    refused = call("vendor", "desk", "enrol", str(tmp_path / "two.smena-activation"), "--customer", "ACME", status=3)
    assert refused["error"]["code"] == "serial-used"  # … and the desk says no


def test_one_number_one_key(call: Call, tmp_path: Path) -> None:
    activate(call, tmp_path)
    assert activate(call, tmp_path, name="other", status=3)["error"]["code"] == "serial-used"
    product = upgrade_host.PRODUCT
    other = call("one", "key", "activate", "main", "--product", product, "--order", "ZZ", status=3)
    assert other["error"]["code"] == "serial-used"


def test_as_codes(call: Call, tmp_path: Path) -> None:
    activate(call, tmp_path, "one", "--qr", str(tmp_path / "x.svg"), "--mail")
    assert sorted(path.name for path in tmp_path.glob("x-*.svg")) == ["x-1.svg", "x-2.svg"]
    assert (tmp_path / "one/keys/main/letters/main-activation.eml").exists()
