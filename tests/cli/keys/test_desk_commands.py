"""`smena desk`: the whole round through the command line, with real files, mails and typed groups."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smena import clock
from smena.keys import times
from smena.keys.codec import files, typed
from smena.keys.exchange import applying, asking
from smena.keys.exchange.ports import Key, shown_id
from smena.keys.licence import Licence
from smena.keys.primitives import new_seed
from smena.keys.tokens.seeds import SeedToken
from smena.keys.trust import Anchor, accept
from support.keyworld import MemoryStore

Smena = Callable[..., subprocess.CompletedProcess[str]]
NOW = times.hours(clock.now())


class Customer:
    """A key somewhere else; what it sends and gets are files."""

    def __init__(self, folder: Path, realm: str, listed: Path) -> None:
        self.folder = folder
        trust = accept(Anchor(realm=bytes.fromhex(realm), demo=True), files.read_trust(listed.read_bytes()))
        self.key = Key(SeedToken("software", new_seed() + new_seed()), MemoryStore(), trust)
        self.name = shown_id(self.key.token.identity().key_id)

    def enrolment(self, order: str = "") -> str:
        return self._file("office.smena-key", asking.enrol(self.key.token, self.key.trust.realm, NOW, order))

    def question(self, *, short: bool = False) -> str:
        return self._file("office.smena-question", asking.ask(self.key, NOW, asking.Wish(typed=short)))

    def confirmation(self, answer: bytes) -> str:
        return self._file("office.smena-confirmation", applying.apply(self.key, answer, NOW))

    @property
    def licence(self) -> Licence:
        from smena.keys.exchange import reading

        return reading.read(self.key).licence

    def _file(self, name: str, message: bytes) -> str:
        path = self.folder / name
        path.write_text(files.write(message), "utf-8")
        return str(path)


@pytest.fixture
def desk(smena: Smena, tmp_path: Path) -> Callable[..., Any]:
    """Call a command of the desk; its answer as an object. `status`: what it must exit with."""

    def call(*arguments: str, status: int = 0) -> Any:
        done = smena("desk", *arguments, "--json")
        assert done.returncode == status, (arguments, done.stdout, done.stderr)
        return json.loads(done.stdout)

    call("init", "--product", "loginom", "--root", str(tmp_path / "root.key"), "--demo")
    return call


@pytest.fixture
def customer(desk: Callable[..., Any], tmp_path: Path) -> Customer:
    target = tmp_path / "loginom.smena-trust"
    realm = desk("trust", "export", str(target))["realm"]
    return Customer(tmp_path, realm, target)


ORDER = ("--edition", "team", "--majors", "6", "--component", "server,studio", "--seats", "20", "--reason", "invoice 1")


def test_the_whole_round(smena: Smena, desk: Callable[..., Any], customer: Customer, tmp_path: Path) -> None:
    enrolled = desk("enrol", customer.enrolment(), "--customer", "ACME", "--mail", "it@acme.example")
    assert (enrolled["key"], enrolled["licence"]["product"]) == (customer.name, "")
    placed = desk("orders", "add", customer.name[:6], *ORDER, "--module-seats", "studio=5", "--yes")
    assert (placed["order"], placed["second-person"]) == (1, [])
    seen = desk("receive", customer.question())
    assert (seen["customer"], seen["asks"], [one["order"] for one in seen["orders"]]) == ("ACME", "update", [1])
    shown = smena("desk", "answer", customer.question(), "--yes", "-o", "a.smena-answer")
    assert shown.returncode == 0
    assert "seats of studio" in shown.stderr
    answer = files.read(Path("a.smena-answer").read_text("utf-8"))
    again = desk("answer", customer.question(), "--mail", str(tmp_path / "a.eml"))["answers"][0]
    assert (files.read(again["text"]).message, again["again"]) == (answer.message, True)
    assert again["record"] in (tmp_path / "a.eml").read_bytes().replace(b"=\r\n", b"").decode("ascii")
    assert typed.read(again["typed"]) == answer.message
    confirmed = desk("confirm", customer.confirmation(answer.message))
    assert (confirmed["again"], confirmed["licence"]["seats"], confirmed["proof"]) == (False, 20, "signed")
    assert customer.licence.module_seats == {"studio": 5}
    assert desk("orders", "list", "--all")["orders"][0]["state"] == "done"
    assert desk("audit", "--head", again["record"])["found"] is True
    assert desk("audit", "--head", "ffff", status=1)["found"] is False


@pytest.fixture(autouse=True)
def _in_a_scratch_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_mail_on_standard_input_and_typed_groups(
    desk: Callable[..., Any], customer: Customer, environment: dict[str, str]
) -> None:
    desk("enrol", customer.enrolment())
    desk("orders", "add", customer.name, *ORDER, "--yes")
    groups = typed.show(files.read(Path(customer.question(short=True)).read_text("utf-8")).message)
    mail = f"Good morning,\n\n> my question is\n>\n> {groups.lower()}\n\nYours\n"
    program = [sys.executable, "-m", "smena", "desk", "answer", "-", "--typed", "--yes", "--quiet"]
    done = subprocess.run(program, env=environment, input=mail, capture_output=True, encoding="utf-8", timeout=60)
    assert done.returncode == 0, done.stderr
    customer.confirmation(typed.read(done.stdout))
    assert customer.licence.seats == 20
    wrong = mail.replace(groups.lower()[:3], "zzz")
    bad = subprocess.run(program, env=environment, input=wrong, capture_output=True, encoding="utf-8", timeout=60)
    assert bad.returncode == 3
    assert "group 1" in bad.stderr


def test_refusals_have_codes_and_name_the_next_command(desk: Callable[..., Any], customer: Customer) -> None:
    question = customer.question()
    assert desk("receive", question, status=3)["error"]["code"] == "key-unknown"
    desk("enrol", customer.enrolment())
    assert desk("enrol", customer.enrolment(), status=3)["error"]["code"] == "key-taken"
    refused = desk("answer", question, "--yes", status=3)["error"]
    assert refused["code"] == "order-unknown"
    assert f"smena desk orders add {customer.name}" in refused["hint"]
    assert desk("orders", "add", customer.name, *ORDER, status=4)["error"]["code"] == "question-open"
    assert desk("orders", "show", "7", status=3)["error"]["code"] == "order-unknown"
    assert desk("confirm", question, status=3)["error"]["code"] == "message-bad"
    assert desk("answer", status=2)["error"]["code"] == "usage"
    assert desk("keys", "zz", status=3)["error"]["code"] == "key-unknown"
    assert desk("show", "--desk", "nowhere", status=3)["error"]["code"] == "desk-missing"


def test_a_second_person_agrees_with_an_own_key(desk: Callable[..., Any], customer: Customer, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("correct horse\n", "utf-8")
    secret.chmod(0o600)
    made = desk("person", "key", "olga.key", "--passphrase-file", str(secret))
    me = pwd.getpwuid(os.getuid()).pw_name
    root = ("--root", str(tmp_path / "root.key"))
    desk("person", "add", "olga", "--public", made["public"], *root)
    desk("enrol", customer.enrolment())
    placed = desk("orders", "add", customer.name, *ORDER, "--seats", "500", "--yes")
    assert (placed["by"], len(placed["second-person"])) == (me, 1)
    question = customer.question()
    waits = desk("answer", question, "--yes", status=4)["error"]
    assert waits["code"] == "approval-needed"
    assert desk("orders", "approve", "1", "--key", "olga.key", "--yes", status=4)["error"]["code"] == "question-open"
    agreed = desk("orders", "approve", "1", "--key", "olga.key", "--passphrase-file", str(secret), "--yes")
    assert agreed["approved-by"] == "olga"
    assert desk("answer", question, "--yes")["answers"][0]["order"] == 1
    assert [one["name"] for one in desk("person", "list")["people"]] == ["olga"]
    desk("person", "remove", "olga")
    assert "correct horse" not in json.dumps(desk("audit", "--last", "50"))


def test_all_that_wait_are_answered_at_once(desk: Callable[..., Any], customer: Customer, tmp_path: Path) -> None:
    others = []
    for number in range(3):
        folder = tmp_path / str(number)
        folder.mkdir()
        other = Customer(folder, customer.key.trust.realm.hex(), tmp_path / "loginom.smena-trust")
        desk("enrol", other.enrolment())
        if number:
            desk("orders", "add", other.name, *ORDER, "--yes")
        desk("receive", other.question())
        others.append(other)
    (tmp_path / "out").mkdir()
    done = desk("answer", "--all", "-o", "out", "--mail", "out", "--yes")
    assert sorted(one["key"] for one in done["answers"]) == sorted(one.name for one in others[1:])
    assert [(one["key"], one["error"]["code"]) for one in done["left"]] == [(others[0].name, "order-unknown")]
    for other in others[1:]:
        path = tmp_path / "out" / f"{other.name}-1.smena-answer"
        other.confirmation(files.read(path.read_text("utf-8")).message)
        assert path.with_suffix(".eml").exists()
    assert desk("answer", "--all", "--yes")["answers"] == []


def test_a_key_is_replaced(desk: Callable[..., Any], customer: Customer, tmp_path: Path) -> None:
    desk("serial", "add", "AB-12", *ORDER[:-2], "--customer", "ACME")
    assert desk("enrol", customer.enrolment("ab12"))["order"]["order"] == 1
    taken = desk("answer", customer.question(), "--yes")["answers"][0]
    desk("confirm", customer.confirmation(files.read(taken["text"]).message))
    assert desk("serial", "list")["serials"][0]["keys"] == [customer.name]
    new = Customer(tmp_path, customer.key.trust.realm.hex(), tmp_path / "loginom.smena-trust")
    desk("enrol", new.enrolment())
    why = ("--reason", "stolen", "--with", new.name, "--yes")
    assert desk("replace", customer.name, *why, status=2)["error"]["code"] == "usage"
    done = desk("replace", customer.name, "--lost", *why)
    assert (done["published"], done["order"]["key"]) == (False, new.name)
    assert "--root" in desk("show")["troubles"][0]
    published = desk("trust", "publish", "--root", str(tmp_path / "root.key"))
    assert (published["number"], len(published["lost"])) == (2, 1)
    assert desk("receive", customer.question(), status=3)["error"]["code"] == "key-lost"
    given = desk("answer", new.question(), "--yes")["answers"][0]
    carried = files.read(given["text"])
    assert accept(customer.key.trust.anchor, carried.trust).list.number == 2
    new.confirmation(carried.message)
    assert new.licence.seats == 20


def test_lists_issuers_and_roots(desk: Callable[..., Any], tmp_path: Path) -> None:
    root = ("--root", str(tmp_path / "root.key"))
    assert desk("issuer", "add", "--product", "loginom", "--until", "2031-12-31", *root)["issuer"] == 2
    assert desk("issuer", "revoke", "1", "--reason", "stolen", "--yes")["published"] is False
    assert desk("trust", "show")["waiting"]["revoked"] == [1]
    assert desk("trust", "next-root", *root, "--new", "next.key", "--yes")["number"] == 3
    refused = desk("trust", "publish", *root, status=1)
    assert refused["error"]["code"] == "seed-bad"
    assert [one["revoked"] for one in desk("issuer", "list")["issuers"]] == [True, False]
    assert desk("trust", "exchange-key", "--root", "next.key", "--drop", "1")["exchange-key"] == 2
    assert desk("issuer", "add", "--product", "x", "--until", "soon", *root, status=2)["error"]["code"] == "usage"
    assert desk("init", "--product", "x", "--root", "other.key", status=3)["error"]["code"] == "desk-there"


@pytest.mark.slow
def test_words_for_people(smena: Smena, desk: Callable[..., Any], customer: Customer) -> None:
    desk("enrol", customer.enrolment(), "--customer", "ACME")
    desk("orders", "add", customer.name, *ORDER, "--yes")
    desk("receive", customer.question())
    table = smena("desk", "keys").stdout.splitlines()
    assert table[0].split() == ["KEY", "KIND", "CUSTOMER", "STATE", "HOLDS"]
    assert "ACME" in table[1]
    for arguments in (
        ["show"],
        ["keys", customer.name],
        ["orders", "list"],
        ["orders", "show", "1"],
        ["receive", customer.question()],
        ["trust", "show"],
        ["issuer", "list"],
        ["serial", "list"],
        ["person", "list"],
        ["audit", "--last", "5"],
        ["recover"],
        ["answer", customer.question(), "--yes", "--qr"],
    ):
        for language in ("en", "ru"):
            done = smena("desk", *arguments, "--lang", language)
            assert done.returncode == 0, done.stderr
            assert done.stdout
            assert "{" not in done.stdout.replace("{'", "")
