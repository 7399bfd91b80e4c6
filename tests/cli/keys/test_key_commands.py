"""`smena key`: the exchange as a customer does it, in a pipe and with mails."""

from __future__ import annotations

import email
import email.policy
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from support.keycustomer import PRODUCT, Office
from support.keyworld import LESS, SEVEN, SIX

Smena = Callable[..., subprocess.CompletedProcess[str]]


def value(done: subprocess.CompletedProcess[str], status: int = 0) -> Any:
    assert done.returncode == status, done.stdout + done.stderr
    return json.loads(done.stdout)


def code(done: subprocess.CompletedProcess[str], status: int = 3) -> str:
    found: str = value(done, status)["error"]["code"]
    return found


def add(smena: Smena, *more: str, kind: str = "virtual") -> Any:
    return value(smena("key", "add", "main", "--kind", kind, "--product", PRODUCT, *more, "--json"))


def given(smena: Smena, office: Office, tmp_path: Path, wanted: Any = SIX) -> Any:
    """A key with a licence, by the whole exchange."""
    office.enrol(value(smena("key", "enrol", "--json"))["text"])
    return exchanged(smena, office, tmp_path, wanted)


def exchanged(smena: Smena, office: Office, tmp_path: Path, wanted: Any) -> Any:
    mail = tmp_path / "answer.txt"
    mail.write_text(office.answer(value(smena("key", "question", "--json"))["text"], wanted), "utf-8")
    done = value(smena("key", "answer", str(mail), "--yes", "--json"))
    office.confirm(done["text"])
    return done


def test_the_whole_exchange(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    made = add(smena, "--order", "AAAA-1111")
    assert (made["kind"], made["licence"]["epoch"], made["order"]) == ("virtual", 0, "AAAA-1111")
    done = given(smena, office, tmp_path)
    assert ["seats", "none", "20"] in [[str(c[k]) for k in ("what", "old", "new")] for c in done["changes"]]
    shown = value(smena("key", "show", "--key", "main", "--json"))
    assert (shown["licence"]["majors"], shown["licence"]["seats"], shown["question"]) == (["6"], 20, None)
    row = smena("key", "list").stdout.splitlines()[1].split()
    assert row[:4] == ["main", "virtual", PRODUCT, "loginom"]
    exchanged(smena, office, tmp_path, SEVEN)
    assert value(smena("key", "list", "--json"))["keys"][0]["licence"]["majors"] == ["6", "7"]


def test_the_same_question_and_the_same_confirmation(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena)
    office.enrol(value(smena("key", "enrol", "--json"))["text"])
    first = value(smena("key", "question", "--json"))
    again = value(smena("key", "question", "--json"))
    assert (first["again"], again["again"], first["text"]) == (False, True, again["text"])
    mail = tmp_path / "mail"
    mail.write_text(office.answer(first["text"], SIX), "utf-8")
    one = value(smena("key", "answer", str(mail), "--yes", "--json"))
    other = value(smena("key", "answer", str(mail), "--json"))  # nothing is asked: nothing changes
    assert (one["text"], one["again"], other["again"]) == (other["text"], False, True)
    assert value(smena("key", "confirmation", "--json"))["text"] == one["text"]
    assert "has not been sent yet" in smena("key", "list").stdout  # reminded until somebody says so
    smena("key", "confirmation", "--sent")
    assert "has not been sent yet" not in smena("key", "list").stdout
    assert code(smena("key", "cancel", "--yes", "--json")) == "question-none"


def test_an_answer_is_asked_about_before_it_is_applied(
    smena: Smena, home: Path, office: Office, tmp_path: Path
) -> None:
    add(smena)
    given(smena, office, tmp_path)
    question = value(smena("key", "question", "--json"))["text"]
    mail = tmp_path / "mail"
    mail.write_text(office.answer(question, LESS), "utf-8")
    asked = smena("key", "answer", str(mail))
    assert asked.returncode == 4
    assert re.search(r"seats +20 +3 +less", asked.stderr)
    assert value(smena("key", "show", "--json"))["licence"]["seats"] == 20
    assert value(smena("key", "question", "--json"))["text"] == question


def test_typed_groups_and_the_group_with_the_mistake(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    from smena.keys.codec import files, typed

    add(smena)
    office.enrol(value(smena("key", "enrol", "--json"))["text"])
    short = value(smena("key", "question", "--typed", "--json"))
    assert len(short["typed"].replace("-", "").replace("\n", "")) < 80
    mail = office.answer(short["typed"], SIX)
    groups = typed.show(files.read(mail).message).split("-")
    wrong = [*groups]
    wrong[2] = wrong[2].translate(str.maketrans("0123456789ABCDEF", "123456789ABCDEF0"))
    (tmp_path / "wrong").write_text("-".join(wrong), "utf-8")
    refused = value(smena("key", "answer", str(tmp_path / "wrong"), "--yes", "--json"), 3)["error"]
    assert refused["code"] == "message-bad"
    assert any("3" in words for words in refused["why"])
    (tmp_path / "right").write_text("-".join(groups), "utf-8")
    done = value(smena("key", "answer", str(tmp_path / "right"), "--yes", "--json"))
    office.confirm(done["typed"])
    spoken = smena("key", "confirmation", "--typed").stdout.splitlines()[1]
    office.confirm(spoken)


def test_standard_input_and_foreign_files(
    smena: Smena, environment: dict[str, str], home: Path, tmp_path: Path
) -> None:
    import sys

    add(smena)
    foreign = tmp_path / "x.fromserver"
    foreign.write_text("?", "utf-8")
    assert code(smena("key", "answer", str(foreign), "--json")) == "key-file-foreign"
    assert code(smena("key", "answer", str(tmp_path / "none"), "--json"), 2) == "file-missing"
    assert code(smena("key", "answer", "--json"), 2) == "usage"
    done = subprocess.run(
        [sys.executable, "-m", "smena", "key", "answer", "-", "--json"],
        env=environment,
        input=b"hello\n",
        capture_output=True,
    )
    assert json.loads(done.stdout)["error"]["code"] == "message-bad"


def test_cancel_says_what_is_lost(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena)
    office.enrol(value(smena("key", "enrol", "--json"))["text"])
    question = value(smena("key", "question", "--json"))["text"]
    mail = tmp_path / "mail"
    mail.write_text(office.answer(question, SIX), "utf-8")
    asked = smena("key", "cancel")
    assert asked.returncode == 4
    assert "an answer that is on its way" in asked.stderr
    assert smena("key", "cancel", "--yes").returncode == 0
    assert code(smena("key", "answer", str(mail), "--yes", "--json")) == "question-none"
    other = value(smena("key", "question", "--json"))
    assert other["text"] != question


def test_mails_have_the_subject_of_the_definition(smena: Smena, home: Path) -> None:
    add(smena)
    done = value(smena("key", "question", "--reason", "Переход на 7", "--mail", "--lang", "ru", "--json"))
    assert (done["mail"]["to"], done["mail"]["subject"]) == ("support@vendor.example", "Число-вопрос")
    assert done["mail"]["link"].startswith("mailto:support@vendor.example?subject=%D0%A7")
    draft = home / "keys" / "main" / "letters" / "main-question.eml"
    read = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    assert (read["Subject"], read["To"], read["X-Unsent"]) == ("Число-вопрос", "support@vendor.example", "1")
    body = read.get_body()
    assert body is not None
    assert "Переход на 7" in body.get_content()
    (attached,) = read.iter_attachments()
    assert attached.get_filename() == "main-0.smena-question"
    assert attached.get_content().decode() in body.get_content().replace("\r", "")


def test_codes_and_files(smena: Smena, home: Path, tmp_path: Path) -> None:
    add(smena)
    svg, png, file = tmp_path / "q.svg", tmp_path / "q.png", tmp_path / "q.smena-question"
    done = value(smena("key", "question", "--qr", str(svg), "-o", str(file), "--json"))
    assert b"<svg" in svg.read_bytes()
    assert file.read_text("utf-8") == done["text"]
    assert smena("key", "question", "--qr", str(png)).returncode == 0
    assert png.read_bytes()[1:4] == b"PNG"
    assert code(smena("key", "question", "--qr", str(tmp_path / "q.gif"), "--json"), 2) == "usage"
    assert "▀" in smena("key", "question", "--qr").stdout
    assert code(smena("key", "question", "--send", "--json"), 2) == "usage"


def test_a_software_key_holds_on_this_computer(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    made = smena("key", "add", "main", "--kind", "software", "--product", PRODUCT, "--json")
    if made.returncode != 3:  # where a definition is a demonstration
        given(smena, office, tmp_path)
        assert value(smena("key", "show", "--json"))["licence"]["seats"] == 20
    else:
        assert code(made) == "computer-unfit"


def test_refusals_of_adding(smena: Smena, home: Path, tmp_path: Path, office: Office) -> None:
    def tried(*words: str) -> str:
        done = smena("key", "add", *words, "--json")
        found: str = json.loads(done.stdout)["error"]["code"]
        return found

    assert tried("main", "--kind", "nope", "--product", PRODUCT) == "key-unfit"
    assert tried("../x", "--kind", "virtual", "--product", PRODUCT) == "key-unfit"
    assert tried("main", "--kind", "virtual", "--product", "loginom-server") == "key-unfit"
    assert tried("main", "--kind", "virtual", "--product", "nope") == "product-unknown"
    assert tried("main", "--kind", "pkcs11", "--product", PRODUCT) == "usage"
    other = Office().trust_file(tmp_path)
    assert tried("main", "--kind", "virtual", "--product", PRODUCT, "--trust", str(other)) == "realm-other"
    assert not (home / "keys").exists()
    add(smena)
    assert tried("main", "--kind", "virtual", "--product", PRODUCT) == "key-taken"
    assert code(smena("key", "show", "--key", "mainn", "--json")) == "key-unknown"
    assert "main" in value(smena("key", "show", "--key", "mainn", "--json"), 3)["error"]["hint"]


def test_a_key_of_another_maker_is_not_measured(smena: Smena, home: Path) -> None:
    add(smena, "--network", kind="guardant")
    shown = value(smena("key", "show", "--json"))
    assert (shown["network"], shown["licence"], shown["trouble"]["code"]) == (True, None, "key-unmeasured")
    assert code(smena("key", "question", "--json")) == "key-unmeasured"
    assert "not measured" in smena("key", "list").stdout


def test_without_keys_and_with_several(smena: Smena, home: Path) -> None:
    assert "There is no key here yet" in smena("key", "list").stdout
    assert code(smena("key", "question", "--json"), 2) == "usage"
    add(smena)
    value(smena("key", "add", "second", "--kind", "virtual", "--product", PRODUCT, "--json"))
    refused = value(smena("key", "show", "--json"), 2)["error"]
    assert (refused["code"], refused["why"]) == ("usage", ["main", "second"])


def test_what_was_sent_is_remembered(smena: Smena, home: Path) -> None:
    add(smena)
    assert value(smena("key", "question", "--json"))["sent"] is False
    smena("key", "question", "--sent")
    assert value(smena("key", "question", "--json"))["sent"] is True
    assert value(smena("key", "show", "--json"))["confirmation-owed"] is False
    smena("key", "cancel", "--yes")
    assert value(smena("key", "question", "--json"))["sent"] is False


def test_the_newest_trust_list_comes_with_the_answer(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena)
    office.vendor.list = msgspec.structs.replace(office.vendor.list, number=7)
    given(smena, office, tmp_path)
    assert value(smena("key", "show", "--json"))["trust-list"] == 7


def test_the_wizard_in_a_pipe(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena)
    first = value(smena("key", "wizard", "--json"), 4)
    assert (first["stage"], first["title"]) == ("enrol", "Introduce the key to the vendor")
    office.enrol(first["message"]["text"])
    asked = value(smena("key", "wizard", "--sent", "--reason", "upgrade to 7", "--json"), 4)
    assert (asked["stage"], asked["mail"]["subject"]) == ("send-question", "The question")
    mail = tmp_path / "answer.txt"
    mail.write_text(office.answer(asked["message"]["text"], SIX), "utf-8")
    assert code(smena("key", "wizard", "--answer", str(mail), "--json"), 4) == "question-open"
    applied = value(smena("key", "wizard", "--answer", str(mail), "--yes", "--json"), 4)
    assert applied["stage"] == "send-confirmation"
    people = smena("key", "wizard", "--lang", "ru")
    assert people.returncode == 4
    assert "main, шаг 6: Отправить код подтверждения" in people.stdout
    assert value(smena("key", "wizard", "--sent", "--json"))["stage"] == "done"
    assert code(smena("key", "wizard", "--sent", "--json")) == "stage-other"
    assert code(smena("key", "wizard", "--restart", "25:99", "--json"), 2) == "usage"


def test_the_report_for_support_holds_no_secrets(smena: Smena, home: Path, office: Office, tmp_path: Path) -> None:
    add(smena, "--order", "SECRET-SERIAL-9876")
    given(smena, office, tmp_path)
    smena("key", "question")
    value(smena("key", "add", "usb", "--kind", "guardant", "--product", PRODUCT, "--json"))
    written = value(smena("key", "report", "-o", str(tmp_path / "out"), "--json"))
    page, text = Path(written["html"]).read_text("utf-8"), Path(written["text"]).read_text("utf-8")
    for words in (
        "main: virtual key of",
        "usb: guardant key of",
        "key-unmeasured",
        "seats: 20",
        "…9876",
        "Send the question",
    ):
        assert words in text
    for words in ("main: virtual key of", "<td>seats</td><td>20</td>"):
        assert words in page
    secret = (home / "keys/main/secret").read_bytes()
    for form in (secret.hex(), "SECRET-SERIAL"):
        assert form not in text
        assert form not in page
    assert Path(written["text"]).stat().st_mode & 0o077 == 0
