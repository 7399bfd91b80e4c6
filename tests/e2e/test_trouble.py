"""Bad input and trouble: each a clear refusal, or a clean way back, and nothing lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smena.demo.standin import client, packages
from smena.instances import registry
from support import disks
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import ACCEPT, NAME, PRODUCT, Called, Snapshot, Stock, UpgradeHost, define


def refused(called: Called, code: str, *, status: int = 3) -> dict[str, object]:
    assert called.status == status, called.out + called.err
    assert called.error["code"] == code, called.error
    return called.error


def untouched(host: UpgradeHost, before: Snapshot) -> None:
    """No run was begun, and nothing has changed."""
    assert host.snapshot() == before
    assert not (host.home / "runs").exists()
    assert (len(host.running()), host.data()) == (3, host.known)


def test_unknown_instance_version_and_way(host: UpgradeHost) -> None:
    before = host.snapshot()
    words = refused(host.smena("upgrade", "mian", "--to", "4.7.3", "--yes"), "instance-unknown")
    assert words["why"] == [f"was {NAME} meant?"]
    refused(host.upgrade("4.9"), "version-unknown")
    refused(host.upgrade("3.5.1100"), "path-none")
    refused(host.upgrade("4.7.2"), "already-there")
    missing = host.smena("upgrade", NAME)
    assert (missing.status, missing.error["code"]) == (2, "usage")
    untouched(host, before)


def test_files_that_were_not_added_are_listed_all_at_once(make_host: MakeHost) -> None:
    host = make_host("3.5.1100")
    host.start()
    before = host.snapshot()
    for version in ("4.2", "5.0.13334.0"):
        shutil.rmtree(host.home / "releases" / PRODUCT / version)
    words = refused(host.upgrade("5.0"), "release-missing")
    why = json.dumps(words["why"])
    assert ("4.2" in why, "5.0.13334.0" in why, "4.7.3" in why) == (True, True, False)
    untouched(host, before)


def test_a_package_with_other_bytes_turns_back_before_anything_is_touched(host: UpgradeHost) -> None:
    """Its size is right, so only its hash tells; that is judged by the run's first steps."""
    before = host.snapshot()
    (package,) = host.home.glob("releases/*/4.7.3/*/*.tar.gz")
    data = bytearray(package.read_bytes())
    data[5] ^= 1  # a time in the head, which nobody reads
    package.write_bytes(data)
    called = host.upgrade("4.7.3")
    assert (called.status, called.value["state"]) == (1, "undone")
    assert "is not the one that was added" in called.value["why"]
    assert host.snapshot() == before
    assert not (host.at.versions / "4.7.3").exists()


def test_truncated_archives_are_refused_when_added_and_when_used(
    stock: Stock, host: UpgradeHost, tmp_path: Path
) -> None:
    before = host.snapshot()
    shutil.rmtree(host.home / "releases" / PRODUCT / "4.7.3")
    cut = tmp_path / packages.package_name("4.7.3")
    cut.write_bytes(stock.package("4.7.3").read_bytes()[:-500])
    refused(host.smena("release", "add", str(cut)), "archive-bad")
    refused(host.upgrade("4.7.3"), "release-missing")

    assert host.smena("release", "add", str(stock.package("4.7.3"))).status == 0
    (package,) = host.home.glob("releases/*/4.7.3/*/*.tar.gz")
    package.chmod(0o600)
    package.write_bytes(package.read_bytes()[:-500])
    called = host.upgrade("4.7.3")
    assert called.status == 3, called.out
    untouched(host, before)


@pytest.mark.root
def test_a_read_only_folder_is_found_before_anything_stops(host: UpgradeHost) -> None:
    before = host.snapshot()
    with disks.bind(host.at.config, host.at.config):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(host.at.config)], check=True)
        words = refused(host.upgrade("4.7.3"), "checks-failed")
        assert f"writable: nothing can be written in {host.at.config}" in json.dumps(words["why"])
    untouched(host, before)


@pytest.mark.root
def test_a_folder_that_becomes_read_only_in_the_middle(host: UpgradeHost) -> None:
    """Found only in the switch: the way back ends parked for as long as nothing can be written, and then goes on."""
    before = host.snapshot()
    seq = next(seq for seq, step in enumerate(host.plan("4.7.3").steps, 1) if step.kind == "edit-yaml")
    run = host.detached("4.7.3", fault=f"run.before-do@{seq}=halt")
    host.halted(run)
    folder = host.at.instance_file.parent
    with disks.bind(folder, folder):
        subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
        host.signal(run, signal.SIGCONT)
        host.settled(run, "undone", "parked")
    if host.view(run).state == "parked":
        assert host.smena("run", "resume", run).value["state"] == "undone"
    assert host.snapshot() == before
    assert (len(host.running()), host.data()) == (3, host.known)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("apigateway.yml", "listen:", "listen: [", "apigateway.yml"),
        ("Ignite.config", "</", "<", "Ignite.config"),
    ],
)
def test_configuration_that_cannot_be_read(file: str, old: str, new: str, words: str, host: UpgradeHost) -> None:
    path = host.at.config / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    before = host.snapshot()
    called = host.upgrade("4.7.3")
    assert called.status == 3, called.out + called.err
    assert words in json.dumps(called.error), called.error
    assert "line" in json.dumps(called.error), called.error
    untouched(host, before)


def test_an_instance_file_that_cannot_be_read(host: UpgradeHost) -> None:
    text = host.at.instance_file.read_text("utf-8")
    host.at.instance_file.write_text(f"a: [\n{text}", "utf-8")
    before = host.snapshot()
    called = host.upgrade("4.7.3")
    assert called.status == 3, called.out + called.err
    assert host.snapshot() == before
    assert not (host.home / "runs").exists()


def test_two_upgrades_of_one_instance_at_once(host: UpgradeHost) -> None:
    words = [sys.executable, "-m", "smena", "upgrade", NAME, "--to", "4.7.3", "--yes", "--probation", "0", *ACCEPT]
    both = [
        subprocess.Popen([*words, "--json"], env=host.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        for _one in range(2)
    ]
    told = [(process.communicate(timeout=60)[0], process.returncode) for process in both]
    statuses = sorted(status for _out, status in told)
    assert statuses == [0, 3], told
    (no,) = [json.loads(out)["error"] for out, status in told if status == 3]
    assert no["code"] in ("run-under-way", "lock-busy", "checks-failed", "already-there"), no
    assert host.only_run().state == "final"
    assert host.data() == host.known


def test_a_second_upgrade_while_a_run_goes_on(host: UpgradeHost) -> None:
    run = host.detached("4.7.3", fault="run.before-do@5=halt")
    host.halted(run)
    words = refused(host.upgrade("4.7.3"), "run-under-way")
    assert words["hint"] == f"smena run show {run}"
    refused(host.smena("instance", "stop", NAME), "run-under-way")
    host.signal(run, signal.SIGCONT)
    host.settled(run, "final")


def test_two_homes_and_one_instance(host: UpgradeHost, tmp_path: Path) -> None:
    before = host.snapshot()
    other = tmp_path / "other"
    define(other)
    shutil.copytree(host.home / "releases", other / "releases")
    added = host.smena(
        "instance", "add", NAME, "--product", PRODUCT, "--set", f"root={host.root}", SMENA_HOME=str(other)
    )
    refused(added, "instance-elsewhere")
    registry.add(other, host.instance)  # as if it had been registered there before
    called = host.smena("upgrade", NAME, "--to", "4.7.3", "--yes", *ACCEPT, SMENA_HOME=str(other))
    words = refused(called, "instance-elsewhere")
    assert str(host.home) in json.dumps(words)
    refused(host.smena("rollback", NAME, "--yes", SMENA_HOME=str(other)), "instance-elsewhere")
    untouched(host, before)


def test_the_last_hops_words_in_the_log_do_not_count(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes={"within: 2m": "within: 2s"})
    host.faults({"version": "4.7.3", "no-completion": True})
    host.start()
    before = host.snapshot()
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    for name in ("upgrade", "UpgradeOntology"):
        for day in (today, "2020-01-01"):
            words = "INFO Upgrade of ontology completed successfully\nINFO Upgrade completed\n"
            (host.at.logs / f"{name}{day}.log").write_text(words, "utf-8")
            (host.at.logs / f"{name}{day.replace('-', '')}.log").write_text(words, "utf-8")
    called = host.upgrade("4.7.3")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    assert "did not say within 2 s that it is done" in called.value["why"]
    assert host.snapshot() == before


def test_the_journal_of_a_newer_smena(host: UpgradeHost) -> None:
    run = host.upgrade("4.7.3").value["run"]
    journal = host.home / "runs" / run / "journal.sqlite"
    with sqlite3.connect(journal) as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    words = refused(host.smena("run", "show", run), "store-too-new")
    assert "use the newer smena again" in json.dumps(words)
    listed = host.smena("run", "list")
    assert listed.status == 0, listed.out
    assert run in json.dumps(listed.value) + listed.err
    upgraded = host.upgrade("5.0")
    assert (upgraded.status, upgraded.value.get("state")) == (0, "final"), upgraded.out + upgraded.err
    refused(host.smena("rollback", NAME, "--to", run, "--yes"), "store-too-new")


def test_an_open_run_of_a_newer_smena_is_left_alone(host: UpgradeHost) -> None:
    run = host.write_down(host.plan("4.7.3"))
    with sqlite3.connect(host.home / "runs" / run / "journal.sqlite") as connection:
        connection.execute("PRAGMA user_version=99")
    connection.close()
    listed = host.smena("product", "list", people=True)
    assert listed.status == 0
    assert f"run {run} cannot be taken up" in listed.err
    refused(host.upgrade("4.7.3"), "store-too-new")


@pytest.mark.parametrize("days", [1, -1])
def test_the_clock_jumps(days: int, make_host: MakeHost) -> None:
    """Seen by a step whose beginning lies a day ahead, or a day back: it neither hangs nor gives up."""
    host = make_host("4.7.2")
    host.start()
    steps = host.plan("4.7.3", probation=1.0).steps
    seq = next(seq for seq, step in enumerate(steps, 1) if step.kind == "probation")
    run = host.detached("4.7.3", "--probation", "1", fault=f"run.before-do@{seq}=halt")
    host.halted(run)
    jumped = (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="milliseconds")
    with sqlite3.connect(host.home / "runs" / run / "journal.sqlite") as connection:
        connection.execute("UPDATE step SET started=? WHERE seq=?", (jumped, seq))
    connection.close()
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "final", "undone", "waiting", limit=15.0).state == "final"


def test_a_package_that_vanishes_between_plan_and_run(host: UpgradeHost) -> None:
    before = host.snapshot()
    run = host.detached("4.7.3", fault="run.before-do@3=halt")
    host.halted(run)
    for package in host.home.glob("releases/*/4.7.3/*/*.tar.gz"):
        package.unlink()
    host.signal(run, signal.SIGCONT)
    view = host.settled(run, "undone", "parked")
    assert view.state == "undone"
    assert "tar.gz" in str(view.run.why)
    assert host.snapshot() == before
    assert host.said(run) == ""


def test_a_file_that_vanishes_in_the_middle_of_the_switch(host: UpgradeHost) -> None:
    """The version's own folder loses a file that a link needs: found, said, and everything is as before."""
    before = host.snapshot()
    seq = next(seq for seq, step in enumerate(host.plan("4.7.3").steps, 1) if step.kind == "relink")
    run = host.detached("4.7.3", fault=f"run.before-do@{seq}=halt")
    host.halted(run)
    (host.at.versions / "4.7.3" / "robots.txt").unlink()
    host.signal(run, signal.SIGCONT)
    view = host.settled(run, "undone", "parked")
    assert view.state == "undone"
    assert "robots.txt" in str(view.run.why)
    assert host.snapshot() == before


def test_conflicts_are_listed_and_settled_by_a_file(host: UpgradeHost, tmp_path: Path) -> None:
    path = host.at.config / "apigateway.yml"
    path.write_text(path.read_text("utf-8").replace("retries: 5", "retries: 9"), "utf-8")
    before = host.snapshot()
    words = refused(host.upgrade("4.7.3"), "merge-conflicts", status=4)
    assert [f"{path}: proxy.platform.retries"] == words["why"]
    assert "--resolve FILE" in str(words["hint"])
    untouched(host, before)
    shown = host.smena("plan", NAME, "--to", "4.7.3", "--diff", people=True).out
    assert "to decide: proxy.platform.retries" in shown
    assert "9" in shown
    assert "4" in shown

    resolve = tmp_path / "resolve.yml"
    resolve.write_text(f"{path}:\n  proxy.platform.retries: {{value: 7}}\n", "utf-8")
    called = host.upgrade("4.7.3", "--resolve", str(resolve))
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    assert "retries: 7" in path.read_text("utf-8")
    missing = host.upgrade("5.0", "--resolve", str(tmp_path / "none.yml"))
    assert (missing.status, missing.error["code"]) == (2, "file-missing")


def test_an_instance_that_does_not_answer_is_not_upgraded_unless_accepted(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    words = refused(host.upgrade("4.7.3"), "checks-failed")
    assert "--accept does-not-answer" in str(words["hint"])
    called = host.upgrade("4.7.3", "--accept", "does-not-answer")
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    assert client.wait(host.url).version == "4.7.3"


def test_a_home_that_cannot_be_written(host: UpgradeHost) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    host.home.chmod(0o500)
    called = host.upgrade("4.7.3")
    host.home.chmod(0o700)
    assert called.status == 1
