"""A hardware token (SoftHSM in its place), a vendor's desk and an upgrade: everything through the command line.

Three exchanges, each on another carrier: a mail and typed groups, files, and QR codes that a foreign program reads. The
last one is the one that the gate before the upgrade asks for.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from support.keycustomer import PRODUCT
from support.need import need
from support.sides import Side, trusted, vendor
from support.softhsm import PIN, SoftHsm, made
from support.terminal import Terminal
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import UpgradeHost

OPTIONS = ("--yes", "--probation", "0", "--accept", "adjust-applications")
_BEFORE = "before: [{room: {}}, {answers: {}}]"
_EDGE = "to: '5.0.*', procedure: change-version-and-caches, recommended: yes,"


@pytest.fixture
def hsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back afterwards
    return made(tmp_path / "hsm")


@pytest.fixture
def desk(tmp_path: Path) -> Side:
    return vendor(tmp_path / "vendor", "loginom", "--demo")


@pytest.fixture
def host(make_host: MakeHost, desk: Side) -> UpgradeHost:
    """A product whose keys are the desk's: its definition says what `trust export` wrote."""
    realm, block = trusted(desk)
    keys = f"keys: {{kinds: [pkcs11, guardant], product: loginom, realm: {realm}, trust: {block}}}"
    support = "support:\n  email: support@vendor.example\n  subjects: {question: {en: 'The question', ru: 'Вопрос'}}"
    licence = "{licence: {covers: [current, target]}}"
    changes = {
        _BEFORE: f"{keys}\n{support}\n{_BEFORE[:-1]}, {licence}]",
        _EDGE: f"{_EDGE} licence: yes,",
    }
    made_host = make_host("4.7.3", changes=changes)
    made_host.start()
    return made_host


@pytest.fixture
def customer(host: UpgradeHost, hsm: SoftHsm, tmp_path: Path) -> Side:
    found = Side(tmp_path / "customer", host.environment | {"SOFTHSM2_CONF": str(hsm.config)})
    found.secret("pin", PIN)
    token = ("--kind", "pkcs11", "--library", hsm.library, "--pin-file", "pin")
    added = found("key", "add", "usb", "--product", PRODUCT, *token)
    assert (added["model"], added["licence"]["epoch"]) == ("SoftHSM v2", 0)
    return found


def test_mail_files_and_codes_and_the_gate(host: UpgradeHost, desk: Side, customer: Side) -> None:
    key = enrolled(desk, customer)
    by_mail_and_typed(desk, customer, key)
    by_files(desk, customer, key)
    through_the_gate(host, desk, customer, key)
    assert desk("desk", "audit")["entries"] == 14
    looked = json.loads(customer.people("doctor", "--json", status=None).stdout)["findings"]
    assert {one["state"] for one in looked if one["topic"].startswith("key")} == {"ok"}
    assert all(PIN not in path.read_text("utf-8", "replace") for path in host.home.rglob("*") if path.is_file())


def test_a_typed_pin_is_asked_for_once_and_the_run_needs_nobody(
    host: UpgradeHost, desk: Side, hsm: SoftHsm, tmp_path: Path
) -> None:
    customer = Side(tmp_path / "customer", host.environment | {"SOFTHSM2_CONF": str(hsm.config)})
    by_hand(customer, "key", "add", "usb", "--kind", "pkcs11", "--product", PRODUCT, "--library", hsm.library)
    pin = customer.secret("pin", PIN)
    customer("key", "enrol", "-o", "usb.smena-key", "--pin-file", "pin")
    key = desk("desk", "enrol", customer.send("usb.smena-key", desk))["key"]
    wanted = ("--majors", "4.7,5", "--component", "platform", "--seats", "20", "--reason", "invoice 1")
    desk("desk", "orders", "add", key, *wanted, "--yes")
    customer("key", "question", "-o", "usb.smena-question", "--pin-file", "pin")
    desk("desk", "answer", customer.send("usb.smena-question", desk), "-o", "usb.smena-answer", "--yes")
    customer("key", "answer", desk.send("usb.smena-answer", customer), "--yes", "--pin-file", "pin")
    pin.unlink()
    nobody = customer("upgrade", "main", "--to", "5.0", *OPTIONS, status=3)["error"]
    assert any("the key usb does not count: the token asks for its PIN" in words for words in nobody["why"])
    assert "call smena on a terminal" in nobody["hint"]
    said = by_hand(customer, "upgrade", "main", "--to", "5.0", *OPTIONS)
    assert said.count("PIN of the key usb") == 1
    assert host.data() == host.known


def by_hand(customer: Side, *words: str) -> str:
    """On a terminal, with the PIN typed when it is asked for."""
    one = Terminal(customer.environment, *words)
    try:
        said = one.until("PIN of the key usb:")
        one.type(f"{PIN}\n")
        assert one.ends(60) == 0, one.seen
        return said + one.seen
    finally:
        one.close()


def enrolled(desk: Side, customer: Side) -> str:
    customer("key", "enrol", "-o", "usb.smena-key")
    said = ("--customer", "ACME", "--mail", "it@acme.example", "--proven", "initialised here")
    done = desk("desk", "enrol", customer.send("usb.smena-key", desk), *said)
    assert (done["kind"], done["odd"]) == ("pkcs11", [])
    name: str = done["key"]
    return name


def by_mail_and_typed(desk: Side, customer: Side, key: str) -> None:
    """The question goes as an e-mail, the answer is typed from the reply with one error."""
    out = customer("key", "question", "--reason", "our first licences", "--mail")
    draft = host_file(customer, "usb-question.eml")
    shutil.copy(draft, desk.folder / "question.eml")
    wanted = ("--edition", "team", "--majors", "4.7", "--component", "platform", "--seats", "20")
    desk("desk", "orders", "add", key, *wanted, "--reason", "invoice 1", "--yes")
    assert desk("desk", "receive", "question.eml")["key"] == key
    given = desk("desk", "answer", "question.eml", "--mail", "answer.eml", "--typed", "--yes")["answers"][0]
    groups = given["typed"].replace("\n", "").split("-")
    assert groups[3] in (desk.folder / "answer.eml").read_text("utf-8")
    wrong = [*groups]
    wrong[3] = wrong[3][0] + ("3" if wrong[3][1] != "3" else "4") + wrong[3][2:]
    (customer.folder / "typed").write_text("-".join(wrong).lower(), "utf-8")
    refused = customer("key", "answer", "typed", "--yes", status=3)["error"]
    assert (refused["code"], refused["why"]) == ("message-bad", [f"group 4 ({wrong[3]}): a symbol is wrong"])
    assert customer("key", "question")["text"] == out["text"]  # nothing happened: the question is open
    (customer.folder / "typed").write_text("-".join(groups).lower(), "utf-8")
    customer("key", "answer", "typed", "--yes")
    customer("key", "confirmation", "--mail")
    shutil.copy(host_file(customer, "usb-confirmation.eml"), desk.folder / "confirmation.eml")
    customer("key", "confirmation", "--sent")
    assert desk("desk", "confirm", "confirmation.eml")["licence"]["seats"] == 20


def by_files(desk: Side, customer: Side, key: str) -> None:
    desk("desk", "orders", "add", key, "--seats", "25", "--reason", "invoice 2", "--yes")
    customer("key", "question", "-o", "usb.smena-question")
    desk("desk", "answer", customer.send("usb.smena-question", desk), "-o", "usb.smena-answer", "--yes")
    done = customer("key", "answer", desk.send("usb.smena-answer", customer), "--yes", "-o", "usb.smena-confirmation")
    assert [[str(one[name]) for name in ("what", "old", "new")] for one in done["changes"]] == [["seats", "20", "25"]]
    customer("key", "confirmation", "--sent")
    desk("desk", "confirm", customer.send("usb.smena-confirmation", desk))


def through_the_gate(host: UpgradeHost, desk: Side, customer: Side, key: str) -> None:
    """Refused before any change, with the question; through after the exchange, whose messages are QR codes."""
    before = host.snapshot()
    upgrade = ("upgrade", "main", "--to", "5.0", *OPTIONS)
    refused = customer(*upgrade, status=3)["error"]
    assert refused["code"] == "checks-failed"
    assert "no key covers 5.0.13334.0; missing: version 5.0.13334.0" in refused["why"][0]
    (printed,) = [words for words in refused["why"] if "BEGIN SMENA QUESTION" in words]
    assert "the question is open on the key usb" in refused["state"]
    assert (host.snapshot(), customer("run", "list")["runs"]) == (before, [])
    assert host.running() == ["comindware", "adapterhost", "apigateway"]
    russian = customer.people(*upgrade, "--lang", "ru", status=3).stderr
    assert "Сейчас: в main ничего не изменено; на ключе usb открыто число-вопрос" in russian
    shown = customer("key", "question", "--qr", "question.png")
    assert shown["text"].split("-----")[2] in printed  # the very one that the gate printed
    desk("desk", "orders", "add", key, "--majors", "4.7,5", "--reason", "upgrade to 5", "--yes")
    seen(customer, "question.png", desk, "question.txt")
    desk("desk", "answer", "question.txt", "--qr", "answer.png", "--yes")
    seen(desk, "answer.png", customer, "answer.txt")
    customer("key", "answer", "answer.txt", "--yes", "--qr", "confirmation.png")
    seen(customer, "confirmation.png", desk, "confirmation.txt")
    customer("key", "confirmation", "--sent")
    assert desk("desk", "confirm", "confirmation.txt")["licence"]["majors"] == ["4.7", "5"]
    customer(*upgrade)
    assert host.health() is not None
    assert host.data() == host.known


def seen(there: Side, picture: str, here: Side, name: str) -> None:
    """A camera on the other side reads the code: a foreign program, zbar."""
    need(shutil.which("zbarimg"), "zbarimg (zbar-tools)")
    command = ["zbarimg", "--quiet", "--raw", str(there.folder / picture)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    (here.folder / name).write_text(done.stdout, "utf-8")


def host_file(customer: Side, name: str) -> Path:
    (found,) = Path(customer.environment["SMENA_HOME"]).glob(f"keys/usb/letters/{name}")
    return found
