"""Vendor and customer, each with a command line and a home of their own: only files and mails go between them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smena.keys.codec import files, typed
from support import upgrade_host
from support.keycustomer import PRODUCT

Smena = Callable[..., subprocess.CompletedProcess[str]]
Call = Callable[..., Any]

_BEFORE = "before: [{room: {}}, {answers: {}}]"
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _in_a_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def desk(smena: Smena, tmp_path: Path) -> Call:
    call = called(smena, tmp_path / "vendor", "desk")
    call("init", "--product", "loginom", "--root", "root.key", "--demo")
    call("trust", "export", "loginom.smena-trust")
    return call


@pytest.fixture
def key(smena: Smena, desk: Call, tmp_path: Path) -> Call:
    """The customer's; the product's definition names the vendor's realm and list, as export writes them."""
    exported = Path("loginom.smena-trust").read_text("utf-8")
    realm = re.search("realm ([0-9a-f]{64})", exported)
    assert realm is not None
    block = "".join(exported.split("-----")[2].split())
    keys = f"keys: {{kinds: [virtual, software], product: loginom, realm: {realm[1]}, trust: {block}}}"
    upgrade_host.define(tmp_path / "customer", {_BEFORE: f"{keys}\n{_BEFORE}"})
    return called(smena, tmp_path / "customer", "key")


def called(smena: Smena, home: Path, group: str) -> Call:
    def call(*arguments: str, status: int = 0) -> Any:
        done = smena(group, *arguments, "--json", env={"SMENA_HOME": str(home)})
        assert done.returncode == status, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    return call


def test_bought_enrolled_asked_answered_confirmed(desk: Call, key: Call) -> None:
    key("add", "main", "--kind", "virtual", "--product", PRODUCT)
    key("enrol", "-o", "main.smena-key")
    name = desk("enrol", "main.smena-key", "--customer", "ACME", "--mail", "it@acme.example")["key"]
    wanted = ("--edition", "team", "--majors", "6,7", "--component", "server", "--seats", "20")
    desk("orders", "add", name, *wanted, "--reason", "invoice 1", "--yes")
    key("question", "-o", "main.smena-question")
    desk("answer", "main.smena-question", "--mail", "main.eml", "-o", "main.smena-answer", "--yes")
    applied = key("answer", "main.eml", "--yes")
    assert desk("confirm", "-", status=3)["error"]["code"] == "message-bad"
    Path("main.txt").write_text(f"> {applied['text']}".replace("\n", "\n> "), "utf-8")
    assert desk("confirm", "main.txt")["licence"]["majors"] == ["6", "7"]
    assert key("list")["keys"][0]["licence"]["seats"] == 20
    assert desk("audit")["entries"] == 6


def test_a_revoked_issuer_a_next_root_and_a_typed_answer(desk: Call, key: Call) -> None:
    """The trust list travels with the answer's file; typed groups need no list as long as the issuer is known."""
    key("add", "main", "--kind", "virtual", "--product", PRODUCT, "--order", "AB-12")
    desk("serial", "add", "ab12", "--majors", "6", "--seats", "5")
    name = desk("enrol", enrolment(key))["key"]
    groups = desk("answer", question(key), "--typed", "--yes")["answers"][0]["typed"]
    Path("typed.txt").write_text(groups.lower(), "utf-8")
    desk("confirm", confirmation(key("answer", "typed.txt", "--yes")))
    desk("trust", "next-root", "--root", "root.key", "--new", "next.key", "--yes")
    desk("issuer", "add", "--product", "loginom", "--root", "next.key")
    desk("issuer", "revoke", "1", "--reason", "stolen", "--root", "next.key", "--yes")
    desk("orders", "add", name, "--seats", "6", "--reason", "a new answer for all", "--yes")
    asked = question(key)
    given = desk("answer", asked, "-o", "second.smena-answer", "--yes")["answers"][0]
    Path("typed.txt").write_text(given["typed"], "utf-8")
    refused = key("answer", "typed.txt", "--yes", status=3)["error"]
    assert refused["code"] == "issuer-unknown"
    desk("confirm", confirmation(key("answer", "second.smena-answer", "--yes")))
    assert files.read(given["text"]).message == typed.read(given["typed"])


def enrolment(key: Call) -> str:
    key("enrol", "-o", "main.smena-key")
    return "main.smena-key"


def question(key: Call) -> str:
    Path("main.smena-question").unlink(missing_ok=True)
    key("question", "-o", "main.smena-question")
    return "main.smena-question"


def confirmation(applied: Any) -> str:
    Path("main.smena-confirmation").write_text(applied["text"], "utf-8")
    return "main.smena-confirmation"
