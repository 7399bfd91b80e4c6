"""Keys on a terminal: the wizard asks step by step, answers are typed, PINs are not shown; mails go out."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from smena.keys.codec import files, typed
from support.keycustomer import PRODUCT, Office
from support.keyworld import SIX
from support.softhsm import PIN, SoftHsm, made
from support.terminal import Terminal

Smena = Callable[..., subprocess.CompletedProcess[str]]
Open = Callable[..., Terminal]


def test_led_step_by_step(smena: Smena, terminal: Open, home: Path, office: Office, tmp_path: Path) -> None:
    smena("key", "add", "main", "--kind", "virtual", "--product", PRODUCT)
    one = terminal("key", "wizard")
    office.enrol(one.until(r"Has it been sent\?"))
    one.type("yes\n")
    one.until("Why is the licence to change")
    one.type("upgrade to 7\n")
    asked = one.until(r"Has it been sent\?")
    assert "The question" in asked
    one.type("no\n")  # closed here
    assert one.ends() == 4
    assert "It goes on from here with: smena key wizard --key main" in one.seen
    mail = tmp_path / "answer.txt"
    mail.write_text(office.answer(asked.replace("\r", ""), SIX), "utf-8")
    other = terminal("key", "wizard", "--sent")
    other.until("The file of the answer")
    other.type(f"{mail}\n")
    assert "seats" in other.until(r"Apply this to the key\?.*:")
    other.type("yes\n")
    office.confirm(other.until(r"Has it been sent\?").replace("\r", ""))
    other.type("yes\n")
    assert other.ends() == 0
    assert "Nothing is open" in other.seen


@pytest.mark.parametrize("command", ["answer", "wizard"])
def test_an_answer_that_is_typed_with_errors(
    smena: Smena, terminal: Open, home: Path, office: Office, command: str
) -> None:
    """The groups are named, and only they are typed again; one of them is wrong once more."""
    smena("key", "add", "main", "--kind", "virtual", "--product", PRODUCT)
    office.enrol(smena("key", "enrol", "--sent", "--json").stdout.replace("\\n", "\n"))
    answer = office.answer(smena("key", "question", "--sent", "--json").stdout.replace("\\n", "\n"), SIX)
    groups = typed.written(files.read(answer).message)
    spoilt = [*groups]
    for number in (4, 9):
        spoilt[number] = groups[number][0] + ("7" if groups[number][1] != "7" else "8") + groups[number][2:]
    one = terminal("key", command)
    if command == "wizard":
        one.until("or - to type or paste it")
        one.type("-\n")
    one.until("empty line ends it")
    one.type("-".join(spoilt).lower() + "\n\n")
    one.until(rf"group 5 \({spoilt[4]}\): a symbol is wrong")
    one.until("Group 5 again")
    one.type(f"{groups[4]}\n")
    one.until("Group 10 again")
    one.type(f"{spoilt[9]}\n")
    one.until("Group 10 again")
    one.type(f"{groups[9].lower()}\n")
    one.until(r"Apply this to the key.*\?")
    one.type("да\n")
    office.confirm(one.until("END SMENA CONFIRMATION-----").replace("\r", ""))


def test_an_answer_that_cannot_be_mended_ends_it(smena: Smena, terminal: Open, home: Path, office: Office) -> None:
    smena("key", "add", "main", "--kind", "virtual", "--product", PRODUCT)
    office.enrol(smena("key", "enrol").stdout)
    groups = typed.written(files.read(office.answer(smena("key", "question").stdout, SIX)).message)
    one = terminal("key", "answer")
    one.until("empty line ends it")
    one.type("-".join(groups[:-2]) + "\n\n")
    assert one.ends() == 3
    assert "the end is missing" in one.seen


@pytest.fixture
def hsm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoftHsm:
    monkeypatch.setenv("SOFTHSM2_CONF", "")  # put back afterwards
    return made(tmp_path / "hsm")


def test_a_pin_is_asked_for_once_and_never_shown(terminal: Open, home: Path, hsm: SoftHsm) -> None:
    words = ("key", "add", "usb", "--kind", "pkcs11", "--product", PRODUCT, "--library", hsm.library)
    one = terminal(*words, SOFTHSM2_CONF=str(hsm.config))
    one.until("PIN of the key usb:")
    one.type(f"{PIN}\n")
    said = one.until("believes trust list")
    assert one.ends() == 0
    assert PIN not in said + one.seen
    assert "PIN of the key" not in said + one.seen  # asked for once
    assert all(PIN.encode() not in path.read_bytes() for path in (home / "keys").rglob("*") if path.is_file())


def test_a_pin_from_a_private_file(
    smena: Smena, environment: dict[str, str], home: Path, hsm: SoftHsm, tmp_path: Path
) -> None:
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n", "utf-8")
    file.chmod(0o644)
    env = {"SOFTHSM2_CONF": str(hsm.config)}
    words = ("key", "add", "usb", "--kind", "pkcs11", "--product", PRODUCT, "--library", hsm.library)
    refused = smena(*words, "--pin-file", str(file), "--json", env=env)
    assert json.loads(refused.stdout)["error"]["code"] == "access-denied"
    file.chmod(0o600)
    assert smena(*words, "--pin-file", str(file), env=env).returncode == 0
    shown = json.loads(smena("key", "show", "--json", env=env).stdout)
    assert (shown["trouble"], shown["licence"]["epoch"]) == (None, 0)  # the file is remembered
    asked = smena("key", "question", "--typed", env=env)
    assert asked.returncode == 0, asked.stderr


# --- mails -------------------------------------------------------------------------------


class Post(socketserver.StreamRequestHandler):
    """A mail server that takes everything."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().strip():
            if line.upper() == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines))  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if line.upper() == b"QUIT" else b"250 ok\r\n")
            if line.upper() == b"QUIT":
                return


def test_a_mail_that_smena_sends_itself(smena: Smena, home: Path) -> None:
    smena("key", "add", "main", "--kind", "virtual", "--product", PRODUCT)
    with socketserver.TCPServer(("127.0.0.1", 0), Post) as server:
        server.mails = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            port = server.server_address[1]
            about = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "me@customer.example"}
            (home / "mail.json").write_text(json.dumps(about), "utf-8")
            done = smena("key", "question", "--reason", "upgrade to 7", "--send", "--json")
            assert done.returncode == 0, done.stdout
        finally:
            server.shutdown()
            thread.join()
        (mail,) = server.mails  # type: ignore[attr-defined]
    read = email.message_from_bytes(mail, policy=email.policy.default)
    assert (read["From"], read["To"]) == ("me@customer.example", "support@vendor.example")
    assert read["Subject"] == "The question"
    assert json.loads(smena("key", "question", "--json").stdout)["sent"] is True
    failed = smena("key", "confirmation", "--json")
    assert failed.returncode == 3
    again = smena("key", "question", "--send", "--json")  # the server is gone
    assert json.loads(again.stdout)["error"]["code"] == "mail-not-sent"
