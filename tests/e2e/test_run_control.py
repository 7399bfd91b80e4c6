"""What people and the system can do to a run that goes on: cancel, stop, kill, watch, resume, finish."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from smena.cli import entry, watching
from smena.demo.standin import client
from smena.host.native import locks
from smena.service import launching, places, runs
from support import trees
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import ACCEPT, NAME, Called, Snapshot, UpgradeHost


def is_old(host: UpgradeHost, before: Snapshot) -> None:
    health = host.health()
    assert health is not None
    assert (health.version, health.status, host.data()) == ("4.7.2", "ok", host.known)
    assert host.snapshot() == before
    assert not list(host.home.glob("hold/*"))


def is_new(host: UpgradeHost) -> None:
    health = host.health()
    assert health is not None
    assert (health.version, health.status, host.data()) == ("4.7.3", "ok", host.known)
    assert not list(host.home.glob("hold/*"))


def step_of(host: UpgradeHost, kind: str, number: int = 1) -> int:
    """The place of a step in the plan of the one hop."""
    seqs = [seq for seq, step in enumerate(host.plan("4.7.3").steps, 1) if step.kind == kind]
    return seqs[number - 1]


@pytest.mark.parametrize("kind", ["unpack", "backup", "relink", "await-http"])
def test_cancelled_at_any_step_everything_goes_back(kind: str, host: UpgradeHost) -> None:
    before = host.snapshot()
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, kind)}=halt")
    host.halted(run)
    assert host.smena("run", "cancel", run, "--detach").status == 0
    host.signal(run, signal.SIGCONT)
    watched = host.smena("run", "watch", run)
    assert (watched.status, watched.value["state"]) == (1, "undone"), watched.out + watched.err
    assert watched.value["why"] == "a person cancelled the run"
    is_old(host, before)


def test_cancelled_while_the_product_converts(host: UpgradeHost) -> None:
    """It is not left to itself for as long as it likes to convert: what it changed is put back."""
    host.faults({"version": "4.7.3", "slow-conversion": 60})
    before = host.snapshot()
    run = host.detached("4.7.3")
    host.wait_for(run, "await-log")
    called = host.smena("run", "cancel", run)
    assert (called.status, called.value["state"]) == (0, "undone"), called.out + called.err
    is_old(host, before)


def test_the_probation_can_be_finished_or_cancelled(make_host: MakeHost) -> None:
    for request in ("finish", "cancel"):
        host = make_host("4.7.2")
        host.start()
        before = host.snapshot()
        run = host.detached("4.7.3", "--probation", "60")
        host.wait_for(run, "probation")
        is_new(host)
        called = host.smena("run", request, run)
        assert called.status == 0, called.out + called.err
        if request == "finish":
            assert called.value["state"] == "final"
            is_new(host)
        else:
            assert called.value["state"] == "undone"
            is_old(host, before)


def test_the_watcher_leaves_when_only_the_probation_is_left(
    host: UpgradeHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The watcher's patience is a minute; nobody here wants to wait for it."""
    monkeypatch.setattr(watching, "_PATIENCE", 0.3)
    run = host.detached("4.7.3", "--probation", "60")
    host.wait_for(run, "probation")
    assert entry.run(["run", "watch", run, "--home", str(host.home), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["state"] == "open"
    assert f"smena run watch {run}" in err
    assert host.smena("run", "finish").value["state"] == "final"


def test_a_run_that_begins_late_is_waited_for(host: UpgradeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit or a task begins when the host finds time for it."""
    monkeypatch.setattr(runs, "_PATIENCE", 0.1)
    run = launching.write_down(host.home, host.plan("4.7.3"))
    late = threading.Timer(1.5, launching.start, (host.home, run))
    late.start()
    states = [view.state for view in runs.watch(host.home, run)]
    late.join()
    assert (states[0], states[-1]) == ("interrupted", "final")
    is_new(host)


SHORT = {"within: 30s": "within: 1s", "within: 5s": "within: 1s"}


def fails_with_users_in(host: UpgradeHost) -> Called:
    """The product answers, users come in, and then it does not work any more."""
    host.faults({"version": "4.7.3", "error-after": 2.5})
    host.start()
    return host.upgrade("4.7.3", "--probation", "30")


def test_failure_with_users_in_waits_for_a_person_who_cancels(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes=SHORT)
    before = host.snapshot()
    called = fails_with_users_in(host)
    assert (called.status, called.value["state"]) == (4, "waiting"), called.out + called.err
    assert "with users in, something went wrong" in called.value["why"]
    run = called.value["run"]
    shown = host.smena("run", "show", run, people=True).out
    assert "it stopped working" in shown or "does not answer as it should" in shown
    assert f"smena run cancel {run}" in called.err
    cancelled = host.smena("run", "cancel", run)
    assert (cancelled.status, cancelled.value["state"]) == (0, "undone"), cancelled.out + cancelled.err
    host.faults({"version": "4.7.3", "error-after": 2.5})
    is_old(host, before | {NAME: host.snapshot()[NAME]})


def test_failure_with_users_in_is_resumed_once_it_is_mended(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes=SHORT)
    called = fails_with_users_in(host)
    assert called.status == 4
    host.faults()
    host.stop()
    host.start()
    resumed = host.smena("run", "resume", called.value["run"], "--detach")
    assert resumed.status == 0
    host.settled(called.value["run"], "open")
    finished = host.smena("run", "finish")
    assert (finished.status, finished.value["state"]) == (0, "final"), finished.out + finished.err
    is_new(host)


def test_failure_with_users_in_goes_back_by_itself_when_told_to(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes=SHORT)
    host.faults({"version": "4.7.3", "error-after": 2.5})
    host.start()
    before = host.snapshot()
    called = host.upgrade("4.7.3", "--probation", "30", "--rollback-when-open")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    is_old(host, before)


def test_a_process_that_will_not_stop_is_named(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes={"stop-within: 10s": "stop-within: 1s"})
    host.faults({"version": "4.7.2", "ignore-sigterm": True})
    host.start()
    before = host.snapshot()
    called = host.upgrade("4.7.3")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    shown = host.smena("run", "show", people=True).out
    assert "comindware did not stop within 1.0 seconds" in shown
    control, specs = host.services()
    identity = next(control.identity(spec) for spec in specs if spec.name == "comindware")
    assert identity is not None
    assert f"process {identity.split(':')[1]}: " in shown
    is_old(host, before)


@pytest.mark.parametrize("kind", ["first-copy", "relink", "await-log", "probation"])
def test_sigterm_stops_at_the_next_safe_point_and_resume_goes_on(kind: str, host: UpgradeHost) -> None:
    options = ("--probation", "1")
    run = host.detached("4.7.3", *options, fault=f"run.before-do@{step_of_probation(host, kind)}=halt")
    host.halted(run)
    host.signal(run, signal.SIGTERM)
    host.signal(run, signal.SIGCONT)
    host.settled(run, "interrupted")
    watched = host.smena("run", "resume", run)
    assert (watched.status, watched.value["state"]) == (0, "final"), watched.out + watched.err
    is_new(host)


def step_of_probation(host: UpgradeHost, kind: str) -> int:
    steps = host.plan("4.7.3", probation=1.0).steps
    return next(seq for seq, step in enumerate(steps, 1) if step.kind == kind)


def test_a_killed_run_is_taken_up_by_the_next_call_which_says_so(host: UpgradeHost) -> None:
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, 'relink')}=kill")
    host.settled(run, "interrupted")
    assert (host.home / "hold" / NAME).exists()
    listed = host.smena("product", "list", people=True)
    assert listed.status == 0
    assert f"run {run} of {NAME} was interrupted; it goes on now" in listed.err
    watched = host.smena("run", "watch", run)
    assert (watched.status, watched.value["state"]) == (0, "final")
    assert "was interrupted" not in host.smena("product", "list", people=True).err
    is_new(host)


def test_a_run_that_others_look_at_is_not_taken_for_one_that_is_carried(host: UpgradeHost) -> None:
    """Else of two calls that come at once neither would take it up, each for the other's sake."""
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, 'relink')}=kill")
    host.settled(run, "interrupted")
    with places.lock(host.home, NAME).open("rb") as looking:
        assert locks.try_share(looking.fileno())
        assert host.view(run).state == "interrupted"


def test_completion_takes_nothing_up(host: UpgradeHost) -> None:
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, 'relink')}=kill")
    host.settled(run, "interrupted")
    words = {"COMP_WORDS": "smena plan ", "COMP_CWORD": "2", "_SMENA_COMPLETE": "bash_complete"}
    host.smena(people=True, **words)
    assert host.view(run).state == "interrupted"


def test_a_run_that_dies_again_and_again_is_parked_until_a_person_lets_it_go_on(host: UpgradeHost) -> None:
    seq = step_of(host, "relink")
    run = host.write_down(host.plan("4.7.3"))
    assert host.carry(run, fault=f"run.before-do@{seq}=kill") == -signal.SIGKILL
    for _again in range(3):
        assert host.carry(run, fault="run.before-do@1=kill") == -signal.SIGKILL
    assert host.carry(run) == 4
    view = host.view(run)
    assert view.state == "parked"
    shown = host.smena("run", "show", run, people=True).out
    assert "interrupted 4 times in a row" in shown
    resumed = host.smena("run", "resume", run)
    assert (resumed.status, resumed.value["state"]) == (0, "final")
    is_new(host)


def test_two_watch_the_same_run(host: UpgradeHost) -> None:
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, 'backup')}=halt")
    host.halted(run)
    words = [sys.executable, "-m", "smena", "run", "watch", run]
    watchers = [
        subprocess.Popen(words, env=host.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _watcher in range(2)
    ]
    time.sleep(0.5)
    host.signal(run, signal.SIGCONT)
    for watcher in watchers:
        out, err = watcher.communicate(timeout=60)
        assert (watcher.returncode, out.strip()) == (0, f"{NAME} runs 4.7.3.")
        assert "check that 4.7.3 works" in err


def test_the_watcher_may_die(host: UpgradeHost) -> None:
    words = [sys.executable, "-m", "smena", "upgrade", NAME, "--to", "4.7.3", "--yes", "--probation", "0", *ACCEPT]
    fault = {"SMENA_FAULT": f"run.before-do@{step_of(host, 'backup')}=halt"}
    watcher = subprocess.Popen(
        words, env=host.environment | fault, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    run = host.begun()
    host.halted(run)
    watcher.kill()
    watcher.wait()
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "final").state == "final"
    is_new(host)


def test_what_users_write_until_the_stop_survives_the_failure(make_host: MakeHost) -> None:
    """The backup has had its own short stop before: what came after it is in no copy but the last."""
    host = make_host("4.7.2")
    host.faults({"version": "4.7.3", "conversion-error": True})
    host.start()
    run = host.detached("4.7.3", fault=f"run.before-do@{step_of(host, 'hold', 2)}=halt")
    host.halted(run)
    number = client.add(host.url, {"written": "in the last moment"})
    upload, _about = client.upload(host.url, "late.bin", b"late")
    written = host.data()
    assert number in written.records
    assert upload in written.files
    host.signal(run, signal.SIGCONT)
    assert host.settled(run, "undone", "parked").state == "undone"
    assert host.data() == written


def test_what_users_wrote_on_the_new_version_is_told_and_kept_when_it_is_taken_back(host: UpgradeHost) -> None:
    before = host.snapshot()
    run = host.detached("4.7.3", "--probation", "60")
    host.wait_for(run, "probation")
    client.add(host.url, {"written": "on the new version"})
    newer = trees.content(host.at.database)
    called = host.smena("run", "cancel", run, people=True)
    assert called.status == 0, called.out + called.err
    assert f"changed {host.at.database}/wal/" in called.err
    is_old(host, before)
    aside = [path for path in host.root.rglob(f".smena/{run}/*") if path.is_dir()]
    assert newer in [trees.content(path) for path in aside]
    shown = host.smena("run", "show", run, people=True).out
    assert all(str(path.parent) in shown for path in aside), "a person must be able to find it"


def test_a_process_that_will_not_stop_in_the_middle_of_the_path(make_host: MakeHost) -> None:
    """Nobody can go back over it either: the run is parked, names it, and goes on once a person has ended it."""
    host = make_host("4.2", changes={"stop-within: 10s": "stop-within: 1s"})
    host.faults({"version": "4.7.3", "ignore-sigterm": True})
    host.start()
    before = host.snapshot()
    called = host.upgrade("5.0")
    assert (called.status, called.value["state"]) == (4, "parked"), called.out + called.err
    assert "comindware did not stop within 1.0 seconds" in called.value["why"]
    assert "process " in called.value["why"]
    pid = int(called.value["why"].rpartition("process ")[2].partition(":")[0])
    os.kill(pid, signal.SIGKILL)
    resumed = host.smena("run", "resume", called.value["run"])
    assert (resumed.status, resumed.value["state"]) == (1, "undone"), resumed.out + resumed.err
    assert host.snapshot() == before
    assert host.data() == host.known


def test_a_run_never_takes_the_name_of_another(host: UpgradeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three symbols are soon the same where many instances begin in one minute."""
    names = iter(["20261121-0932-k7f", "20261121-0932-k7f", "20261121-0932-m2x"])
    (host.home / "runs/20261121-0932-k7f").mkdir(parents=True)
    monkeypatch.setattr(launching, "new_run_id", lambda: next(names))
    assert host.write_down(host.plan("4.7.3")) == "20261121-0932-m2x"
