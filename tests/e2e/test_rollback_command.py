"""Going back after a run is final, and forward again: nothing that users wrote is lost on either way."""

from __future__ import annotations

import json
from pathlib import Path

from smena.demo.standin import client, install
from support import trees
from support.standin_host import free_port
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import NAME, Called, Snapshot, UpgradeHost


def rolled_back(called: Called) -> str:
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    run: str = called.value["run"]
    return run


def upgraded(host: UpgradeHost, to: str) -> str:
    return rolled_back(host.upgrade(to))


def version(host: UpgradeHost) -> str:
    health = host.health()
    assert health is not None
    assert health.status == "ok"
    return health.version


def same(host: UpgradeHost, before: Snapshot) -> None:
    """Byte-equal and running, and nobody is kept from starting it."""
    assert host.snapshot() == before
    assert not list(host.home.glob("hold/*"))
    assert len(host.running()) == 3


def test_rollback_lists_and_keeps_what_users_wrote_since(host: UpgradeHost) -> None:
    old = host.snapshot()
    upgraded(host, "4.7.3")
    added = client.add(host.url, {"written": "on the new version"})
    newer, new = host.data(), host.snapshot()
    assert added in newer.records

    told = host.smena("rollback", NAME, "--yes", people=True)
    assert told.status == 0, told.out + told.err
    assert "Changed since users were let in; it will be kept aside" in told.err
    assert f"changed {host.at.database}/wal/" in told.err
    same(host, old)
    assert (version(host), host.data()) == ("4.7.2", host.known)

    back = host.smena("run", "list").value["runs"][0]
    assert back["kind"] == "rollback"
    forward = host.smena("rollback", NAME, "--to", back["run"], "--yes")
    rolled_back(forward)
    same(host, new)
    assert (version(host), host.data()) == ("4.7.3", newer)


def test_nothing_written_since_is_said_too(host: UpgradeHost) -> None:
    upgraded(host, "4.7.3")
    told = host.smena("rollback", NAME, "--yes", people=True)
    assert told.status == 0, told.out + told.err
    assert "Nothing was changed since users were let in." in told.err


def test_uploads_and_configuration_written_since_go_and_come_again(host: UpgradeHost) -> None:
    """Uploads lie in a tree that no step changes: they stay, and so does a file nobody had touched."""
    upgraded(host, "4.7.3")
    client.upload(host.url, "новый.bin", b"new bytes")
    config = host.at.config / "apigateway.yml"
    config.write_text(config.read_text("utf-8").replace("level: Info", "level: Debug") + "# by hand\n", "utf-8")
    new = host.snapshot()
    told = host.smena("rollback", NAME, "--yes", people=True)
    assert told.status == 0, told.out + told.err
    assert f"changed {config}" in told.err
    assert f"added {host.at.streams}/" in told.err
    assert host.data() == host.known
    (back,) = [run["run"] for run in host.smena("run", "list").value["runs"] if run["kind"] == "rollback"]
    rolled_back(host.smena("rollback", NAME, "--to", back, "--yes"))
    same(host, new)


def test_several_hops_are_taken_back_at_once(make_host: MakeHost) -> None:
    """The caches that one hop took away lie in the tree that another kept: both come back to their places."""
    host = make_host("4.2")
    host.start()
    old = host.snapshot()
    upgraded(host, "5.0")
    new = host.snapshot()
    back = rolled_back(host.smena("rollback", NAME, "--yes"))
    same(host, old)
    assert (version(host), host.data()) == ("4.2", host.known)
    rolled_back(host.smena("rollback", NAME, "--to", back, "--yes"))
    same(host, new)
    assert (version(host), host.data()) == ("5.0.13334.0", host.known)


def test_several_runs_back_and_forward(make_host: MakeHost) -> None:
    host = make_host("3.5")
    host.start()
    states, runs = [host.snapshot()], []
    for to in ("3.5.1058", "3.5.1076", "3.5.1100"):
        runs.append(upgraded(host, to))
        client.add(host.url, {"written in": to})
        states.append(host.snapshot())
    unknown = host.smena("rollback", NAME, "--to", "20200101-0000-abc", "--yes")
    assert (unknown.status, unknown.error["code"]) == (3, "nothing-to-roll-back")
    assert all(run in unknown.error["why"][0] for run in runs)

    back = rolled_back(host.smena("rollback", NAME, "--to", runs[0], "--yes"))
    same(host, states[0])
    assert (version(host), host.data()) == ("3.5", host.known)
    none = host.smena("rollback", NAME, "--yes")
    assert (none.status, none.error["code"]) == (3, "nothing-to-roll-back")

    rolled_back(host.smena("rollback", NAME, "--to", back, "--yes"))
    same(host, states[3])
    rolled_back(host.smena("rollback", NAME, "--yes"))
    same(host, states[0])


def test_runs_back_one_by_one(make_host: MakeHost) -> None:
    host = make_host("3.5")
    host.start()
    first = host.snapshot()
    upgraded(host, "3.5.1058")
    client.add(host.url, {"written in": "3.5.1058"})
    second = host.snapshot()
    upgraded(host, "3.5.1076")
    rolled_back(host.smena("rollback", NAME, "--yes"))
    same(host, second)
    rolled_back(host.smena("rollback", NAME, "--yes"))
    same(host, first)
    assert host.data() == host.known


def test_upgrade_again_after_a_rollback(host: UpgradeHost) -> None:
    upgraded(host, "4.7.3")
    rolled_back(host.smena("rollback", NAME, "--yes"))
    old = host.snapshot()
    upgraded(host, "4.7.3")
    assert (version(host), host.data()) == ("4.7.3", host.known)
    rolled_back(host.smena("rollback", NAME, "--yes"))
    same(host, old)


def test_rollback_is_refused_when_somebody_changed_the_instance_meanwhile(host: UpgradeHost) -> None:
    run = upgraded(host, "4.7.3")
    host.stop()
    install.switch(host.root, NAME, "4.7.2")
    before = host.snapshot()
    refused = host.smena("rollback", NAME, "--yes")
    assert (refused.status, refused.error["code"]) == (3, "run-state"), refused.out
    assert refused.error["message"] == f"{NAME} is no longer what run {run} left"
    assert "version was 4.7.3 and is now 4.7.2" in refused.error["why"]
    assert host.snapshot() == before


def test_rollback_asks_first(host: UpgradeHost) -> None:
    upgraded(host, "4.7.3")
    new = host.snapshot()
    asked = host.smena("rollback", NAME)
    assert (asked.status, asked.error["code"]) == (4, "question-open")
    assert host.snapshot() == new


def test_rollback_during_a_run_is_its_own_way_back(host: UpgradeHost) -> None:
    old = host.snapshot()
    run = host.detached("4.7.3", "--probation", "60")
    host.wait_for(run, "probation")
    called = host.smena("rollback", NAME, "--yes")
    assert (called.status, called.value["state"], called.value["run"]) == (0, "undone", run), called.out + called.err
    same(host, old)


def test_a_failed_rollback_leaves_the_new_version_running(host: UpgradeHost) -> None:
    """The old version does not come up any more: then the new one, with the newer data, is there again."""
    upgraded(host, "4.7.3")
    client.add(host.url, {"newer": True})
    new, newer = host.snapshot(), host.data()
    (host.at.versions / "4.7.2" / "bin").rename(host.at.versions / "4.7.2" / "bin-away")
    called = host.smena("rollback", NAME, "--yes")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    same(host, new)
    assert (version(host), host.data()) == ("4.7.3", newer)


def test_what_a_rollback_replaced_lies_in_its_restore_point(host: UpgradeHost) -> None:
    upgraded(host, "4.7.3")
    client.add(host.url, {"newer": True})
    newer = trees.content(host.at.database)
    back = rolled_back(host.smena("rollback", NAME, "--yes"))
    places = [path for path in host.root.rglob(f".smena/{back}/*") if path.is_dir()]
    assert newer in [trees.content(path) for path in places]
    report = host.smena("run", "report", back).value
    told = json.loads(Path(report["json"]).read_text("utf-8"))
    assert str(host.at.database) in [entry["path"] for entry in told["restore-point"]]


def test_settings_changed_since_are_named_and_set_back_first(host: UpgradeHost) -> None:
    old, port = host.snapshot(), free_port()
    run = upgraded(host, "4.7.3")
    changed = host.smena("instance", "configure", NAME, "--set", f"port={port}", "--yes")
    assert changed.status == 0, changed.out + changed.err
    refused = host.smena("rollback", NAME, "--yes")
    assert (refused.status, refused.error["code"]) == (3, "run-state"), refused.out
    assert f"setting.port was {host.port} and is now {port}" in refused.error["why"]
    assert host.smena("instance", "configure", NAME, "--set", f"port={host.port}", "--yes").status == 0
    back = host.smena("rollback", NAME, "--to", run, "--yes")
    rolled_back(back)
    same(host, old)
    assert (version(host), host.data()) == ("4.7.2", host.known)
