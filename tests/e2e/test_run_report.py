"""The report of a run is complete, and nowhere in what smena writes or shows does a secret of the instance appear."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from smena.host.native import processes
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import ACCEPT, NAME, UpgradeHost

TYPED = "typed-" + secrets.token_hex(12)
"""Given to smena as a secret setting."""
WRITTEN = "written-" + secrets.token_hex(12)
"""Stands in the administrator's own configuration, under a key that says what it is."""
ENVIRONMENT = "environment-" + secrets.token_hex(12)
"""Stands in the file with the environment of the services."""

WITH_SECRETS = {
    "    python: {type: path": "    db-password: {type: secret, title: {en: word, ru: слово}}\n    python: {type: path",
    "set: {version: '${to}'}}": "set: {version: '${to}', db.password: '${settings.db-password}'}}",
    "environment: {STANDIN_PYTHON: '${settings.python}'}": (
        "environment: {STANDIN_PYTHON: '${settings.python}', DB_PASSWORD: '${settings.db-password}'}"
    ),
}


@pytest.fixture
def keeper(make_host: MakeHost) -> UpgradeHost:
    """An instance with secrets wherever there can be any."""
    host = make_host("4.7.2", changes=WITH_SECRETS, hidden={"db-password": TYPED})
    gateway = host.at.config / "apigateway.yml"
    gateway.write_text(gateway.read_text("utf-8") + f"proxyAuth:\n  password: {WRITTEN}\n", "utf-8")
    with host.at.environment_file.open("a", encoding="utf-8") as file:
        file.write(f"MQ_PASSWORD={ENVIRONMENT}\n")
    host.start()
    return host


class Seen(HTMLParser):
    """The words of a page, and whether every element is closed."""

    VOID = ("meta", "br", "hr", "link")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        assert not [value for name, value in attrs if name in ("src", "href")], "it must need nothing else"

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop() != tag:
            assert self.open, tag

    def handle_data(self, data: str) -> None:
        self.words += data + "\n"


def everything_written(host: UpgradeHost, *more: Path) -> dict[str, bytes]:
    """All that smena keeps in its home, save the secrets' own file and archives of the instance."""
    private = (host.home / "secrets", host.home / "backups")
    found = {}
    for top in (host.home, *more):
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file() and not any(path.is_relative_to(place) for place in private):
                found[str(path)] = path.read_bytes()
    return found


def no_secret(texts: dict[str, bytes]) -> None:
    for name, text in texts.items():
        for secret in (TYPED, WRITTEN, ENVIRONMENT):
            assert secret.encode() not in text, f"{name} holds {secret.partition('-')[0]}"
    assert len(texts) > 5


def command_lines() -> dict[str, bytes]:
    found = {}
    for pid in processes.all_pids():
        try:
            found[f"process {pid}"] = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
    return found


def test_no_secret_appears_anywhere(keeper: UpgradeHost, tmp_path: Path) -> None:
    host = keeper
    plan = host.smena("plan", NAME, "--to", "4.7.3", "--diff", *ACCEPT, "-o", str(tmp_path / "plan.json"))
    people = host.smena("plan", NAME, "--to", "4.7.3", "--diff", people=True)
    assert plan.status == people.status == 0, plan.out
    assert "${secret:db-password}" in plan.out
    no_secret({"plan": plan.out.encode(), "people": people.out.encode(), **command_lines()})
    assert "proxyAuth" in plan.value["config"][0]["carried"], "that it stays is told"
    assert "password: ***" in people.out

    kinds = [step["kind"] for step in plan.value["steps"]]
    for kind in ("relink", "check"):
        run = host.detached("4.7.3", fault=f"run.before-do@{kinds.index(kind) + 1}=halt")
        host.halted(run)
        no_secret(command_lines())
        assert {stat_of(staged) for staged in host.home.glob(f"runs/{run}/staged/*/*")} == {"600"}
        if kind == "relink":
            host.smena("run", "cancel", run, "--detach")
        host.signal(run, signal.SIGCONT)
        assert host.settled(run, "final", "undone").state == ("undone" if kind == "relink" else "final")
    host.over(run)

    assert f"db.password: {TYPED}" in host.at.instance_file.read_text("utf-8")
    assert WRITTEN in (host.at.config / "apigateway.yml").read_text("utf-8")
    shown = {
        f"show {words}": host.smena(*words.split()).out.encode() for words in ("run show", "run list", "instance list")
    }
    report = host.smena("run", "report", "-o", str(tmp_path / "report"))
    assert report.status == 0, report.out
    no_secret({**everything_written(host, tmp_path), **shown})
    assert stat_of(host.home / "secrets" / f"{NAME}.json") == "600"
    assert not list(host.home.glob("runs/*/staged")), "nobody needs it any more"


def stat_of(path: Path) -> str:
    return f"{path.stat().st_mode & 0o777:o}"


def test_no_secret_appears_when_it_fails(keeper: UpgradeHost, tmp_path: Path) -> None:
    host = keeper
    host.faults({"version": "4.7.3", "conversion-error": True})
    called = host.upgrade("4.7.3")
    assert called.value["state"] == "undone"
    shown = host.smena("run", "show", people=True)
    host.smena("run", "report", "-o", str(tmp_path / "report"))
    told = {"told": (called.out + called.err).encode(), "shown": (shown.out + shown.err).encode()}
    no_secret({**everything_written(host, tmp_path), **told})


def test_the_report_is_complete(host: UpgradeHost, tmp_path: Path) -> None:
    run = host.upgrade("4.7.3").value["run"]
    written = host.smena("run", "report", run, "-o", str(tmp_path)).value
    assert stat_of(Path(written["html"])) == stat_of(Path(written["json"])) == "600"
    told = json.loads(Path(written["json"]).read_text("utf-8"))
    done = host.smena("run", "show", run).value

    assert (told["run"], told["state"], told["from"], told["to"]) == (run, "final", "4.7.2", "4.7.3")
    assert told["plan"] == done["plan"]
    assert told["who"]
    assert told["host"] == os.uname().nodename
    assert told["created"] <= told["started"] <= told["finished"]
    assert told["accepted"] == ["adjust-applications"]
    assert told["facts"]["before"]["version"] == "4.7.2"
    assert told["facts"]["after"]["version"] == "4.7.3"
    moments = [(step["kind"], datetime.fromisoformat(step["started"])) for step in told["steps"]]
    downs, ups = ([at for kind, at in moments if kind == wanted] for wanted in ("maintenance", "open"))
    apart = sum((up - down).total_seconds() for down, up in zip(downs, ups, strict=True))
    assert told["downtime"]["measured"] == pytest.approx(apart, abs=0.5)
    assert "forecast" in told["downtime"]
    (package,) = host.home.glob("releases/*/4.7.3/*/*.tar.gz")
    assert told["hashes"][f"package:{package}"] == hashlib.sha256(package.read_bytes()).hexdigest()
    assert [step["seq"] for step in told["steps"]] == list(range(1, len(done["steps"]) + 1))
    for step in told["steps"]:
        assert step["status"] == "done"
        assert step["title"]
        assert step["params"]
        assert step["started"] <= step["finished"]
        assert step["seconds"] >= 0
    assert str(host.at.database) in [entry["path"] for entry in told["restore-point"]]

    page = Seen(Path(written["html"]).read_text("utf-8"))
    words = " ".join(page.words.split())
    for step in told["steps"]:
        assert " ".join(step["title"].split()) in words
    for needed in (
        run,
        told["plan"],
        told["who"],
        "4.7.2 → 4.7.3",
        "adjust-applications",
        told["hashes"]["definition"],
    ):
        assert needed in words, needed

    russian = host.smena("run", "report", run, "-o", str(tmp_path / "ru"), "--lang", "ru").value
    page = Seen(Path(russian["html"]).read_text("utf-8"))
    assert '<html lang="ru">' in Path(russian["html"]).read_text("utf-8")
    assert "Шаги" in page.words


def test_the_report_of_a_failed_run_tells_why(make_host: MakeHost, tmp_path: Path) -> None:
    host = make_host("4.7.2")
    host.faults({"version": "4.7.3", "conversion-error": True})
    host.start()
    called = host.upgrade("4.7.3")
    written = host.smena("run", "report", "-o", str(tmp_path)).value
    told = json.loads(Path(written["json"]).read_text("utf-8"))
    assert (told["state"], told["why"]) == ("undone", called.value["why"])
    failed = [event for event in told["events"] if event["level"] == "error"]
    assert "ошибка преобразования структуры" in failed[0]["text"]
    assert {step["status"] for step in told["steps"]} == {"undone", "do"}
    words = Seen(Path(written["html"]).read_text("utf-8")).words
    assert "ошибка преобразования структуры" in words
