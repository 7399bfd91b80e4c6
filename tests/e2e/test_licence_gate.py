"""An upgrade that needs new licence keys: refused before any change, with the question; through after the exchange."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from support.keycustomer import PRODUCT, Office
from support.keyworld import SIX
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import Called, UpgradeHost

OLD = msgspec.structs.replace(SIX, majors=frozenset({"4.7"}), edition="", components=frozenset({"platform"}))
BOTH = msgspec.structs.replace(OLD, majors=frozenset({"4.7", "5"}))
ONLY_NEW = msgspec.structs.replace(OLD, majors=frozenset({"5"}))
_EDGE = "to: '5.0.*', procedure: change-version-and-caches, recommended: yes,"


class Deployment:
    """A host whose product has keys, one key, and the vendor's desk."""

    def __init__(self, make_host: MakeHost, *, keys: str = "") -> None:
        self.office = Office()
        changes = self.office.changes(keys) | {_EDGE: f"{_EDGE} licence: yes,"}
        self.host: UpgradeHost = make_host("4.7.3", changes=changes)
        self.host.start()

    def called(self, *words: str, status: int = 0) -> Any:
        done = self.host.smena(*words)
        assert done.status == status, done.out + done.err
        return done.value

    def key(self, licence: Any, *, kind: str = "virtual") -> None:
        self.called("key", "add", "main", "--kind", kind, "--product", PRODUCT)
        self.office.enrol(self.called("key", "enrol")["text"])
        self.exchange(self.called("key", "question")["text"], licence)

    def exchange(self, question: str, licence: Any) -> None:
        mail = self.host.base / "answer.txt"
        mail.write_text(self.office.answer(question, licence), "utf-8")
        self.office.confirm(self.called("key", "answer", str(mail), "--yes")["text"])

    def upgrade(self, *options: str) -> Called:
        return self.host.upgrade("5.0", *options)


@pytest.fixture
def deployed(make_host: MakeHost) -> Deployment:
    return Deployment(make_host)


def test_refused_with_the_question_and_through_after_the_exchange(deployed: Deployment) -> None:
    host = deployed.host
    deployed.key(OLD)
    before = host.snapshot()
    refused = deployed.upgrade()
    assert (refused.status, refused.error["code"]) == (3, "checks-failed")
    assert "no key covers 5.0.13334.0; missing: version 5.0.13334.0" in refused.error["why"][0]
    (question,) = [words for words in refused.error["why"] if "BEGIN SMENA QUESTION" in words]
    assert "support@vendor.example" in question
    assert host.snapshot() == before
    assert host.running() == ["comindware", "adapterhost", "apigateway"]
    assert host.smena("run", "list").value["runs"] == []
    reason = json.loads((host.home / "keys/main/wizard.json").read_text("utf-8"))["reason"]
    assert reason.endswith("from 4.7.3 to 5.0.13334.0; missing: version 5.0.13334.0")
    again = deployed.upgrade()
    assert question in again.error["why"]  # the same question: the first one is open
    deployed.exchange(question, BOTH)
    done = deployed.upgrade()
    assert done.status == 0, done.out + done.err
    assert host.health() is not None
    assert host.data() == host.known


def test_a_new_licence_without_the_old_version_is_a_point_of_no_return(deployed: Deployment) -> None:
    deployed.key(ONLY_NEW)
    plan = deployed.host.smena("plan", "main", "--to", "5.0")
    (finding,) = [one for one in plan.value["findings"] if one["check"] == "licence"]
    assert (finding["blocking"], finding["accept"]) == (True, "licence-no-return")
    assert finding["text"].startswith("point of no return: after a rollback 4.7.3 would have no licence")
    refused = deployed.upgrade()
    assert refused.status == 3
    assert "--accept licence-no-return" in refused.error["hint"]
    assert deployed.called("key", "show")["question"] is None  # nothing is missing for the target
    accepted = deployed.host.smena("plan", "main", "--to", "5.0", "--accept", "licence-no-return")
    (finding,) = [one for one in accepted.value["findings"] if one["check"] == "licence"]
    assert (finding["blocking"], finding["accepted"]) == (False, True)


def test_fewer_seats_than_are_in_use_refuse(make_host: MakeHost) -> None:
    deployed = Deployment(make_host, keys=", seats: '25'")
    deployed.key(BOTH)
    refused = deployed.upgrade()
    assert "25 seats, so many are in use (it has 20)" in refused.error["why"][0]
    question = next(words for words in refused.error["why"] if "BEGIN SMENA QUESTION" in words)
    deployed.exchange(question, msgspec.structs.replace(BOTH, seats=25))
    plan = deployed.host.smena("plan", "main", "--to", "5.0")
    assert [one for one in plan.value["findings"] if one["check"] == "licence"] == []


def test_fewer_seats_than_there_are_have_to_be_accepted(deployed: Deployment) -> None:
    """Nobody says how many are in use, so all may be. The keys for the old version and for the new one are two."""
    deployed.key(OLD)
    office = deployed.office
    deployed.called("key", "add", "new", "--kind", "virtual", "--product", PRODUCT)
    office.enrol(deployed.called("key", "enrol", "--key", "new")["text"])
    half = msgspec.structs.replace(ONLY_NEW, seats=10, module_seats={})
    mail = deployed.host.base / "answer.txt"
    mail.write_text(office.answer(deployed.called("key", "question", "--key", "new")["text"], half), "utf-8")
    deployed.called("key", "answer", str(mail), "--yes", "--key", "new")
    refused = deployed.upgrade()
    assert "would have fewer seats: 10 instead of 20" in refused.error["why"][0]
    assert "--accept licence-fewer-seats" in refused.error["hint"]
    plan = deployed.host.smena("plan", "main", "--to", "5.0", "--accept", "licence-fewer-seats")
    assert [one["accepted"] for one in plan.value["findings"] if one["check"] == "licence"] == [True]


@pytest.mark.parametrize("keys", [True, False], ids=["with keys", "without keys"])
def test_an_edge_that_needs_licences_is_never_gone_over_unasked(make_host: MakeHost, keys: bool) -> None:
    """The definition forgets to ask, or says nothing of keys at all."""
    changes = {_EDGE: f"{_EDGE} licence: yes,"}
    if keys:
        before = "before: [{room: {}}, {answers: {}}]"
        changes |= {before: f"keys: {{kinds: [own]}}\n{before}"}
    host = make_host("4.7.3", changes=changes)
    host.start()
    refused = host.upgrade("5.0")
    assert (refused.status, refused.error["code"]) == (3, "checks-failed")
    assert "whether the licence covers 5.0.13334.0 was not measured" in refused.error["why"][0]
    assert "--accept licence-not-measured" in refused.error["hint"]


def test_a_key_that_cannot_be_read_needs_the_vendors_letter_and_a_name(deployed: Deployment, tmp_path: Path) -> None:
    refused = deployed.upgrade()
    assert "no licence key of" in refused.error["why"][0]
    deployed.called("key", "add", "usb", "--kind", "guardant", "--product", PRODUCT)
    without = deployed.upgrade("--accept", "licence-not-measured")
    assert without.status == 3  # the name alone is not enough
    assert "smena key letter FILE --key usb" in without.error["hint"]
    letter = tmp_path / "letter.txt"
    letter.write_text("Your key will cover 4.7 and 5.", "utf-8")
    deployed.called("key", "letter", str(letter), "--covers", "4.7")
    assert "does not name 5.0.13334.0" in deployed.upgrade("--accept", "licence-not-measured").error["why"][0]
    deployed.called("key", "letter", str(letter), "--covers", "4.7", "--covers", "5")
    assert "--accept licence-not-measured" in deployed.upgrade().error["hint"]
    plan = deployed.host.smena("plan", "main", "--to", "5.0", "--accept", "licence-not-measured")
    (finding,) = [one for one in plan.value["findings"] if one["check"] == "licence"]
    assert (finding["blocking"], finding["accepted"]) == (False, True)
    (deployed.host.home / "keys/usb/letters").joinpath(
        next(p.name for p in (deployed.host.home / "keys/usb/letters").iterdir() if p.name.startswith("vendor-"))
    ).write_text("another", "utf-8")
    assert "not the one that was recorded" in deployed.upgrade("--accept", "licence-not-measured").error["why"][0]


def test_a_key_that_was_reported_lost_covers_nothing(deployed: Deployment) -> None:
    deployed.key(BOTH)
    office = deployed.office
    assert office.desk is not None
    from smena.keys.primitives import digest

    lost = office.vendor.sealed(lost=(digest(office.desk.account.public),))
    from smena.keys import beside

    beside.take(deployed.host.home / "keys/main", lost)
    refused = deployed.upgrade()
    assert refused.status == 3
    assert any("reported this key as lost" in words for words in refused.error["why"])
