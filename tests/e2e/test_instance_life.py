"""The life of an instance through the command line: made, set otherwise, moved, removed; and the way back of each."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smena.demo.standin import client
from smena.instances import registry, secrets
from smena.instances.adopt import Wish
from smena.plan.model import Plan
from smena.service import configuring, life, places
from support import trees
from support.standin_host import free_port
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import PRODUCT, Called, UpgradeHost

NEW = "second"


def create(host: UpgradeHost, port: int, *more: str, fault: str = "") -> Called:
    return host.smena(
        "instance", "create", NEW, "--product", PRODUCT, "--version", "4.7.2", "--yes",
        "--set", f"root={host.root}", "--set", f"python={sys.executable}", "--set", f"port={port}", *more,
        SMENA_FAULT=fault,
    )  # fmt: skip


def of_product(host: UpgradeHost) -> dict[str, trees.Entry]:
    """Everything on the host save what restore points hold, and the versions, which nobody takes away."""
    found = trees.content(host.root)
    return {
        path: entry
        for path, entry in found.items()
        if ".smena" not in Path(path).parts and ".cmw_version" not in Path(path).parts
    }


def known(host: UpgradeHost) -> list[str]:
    return [instance.name for instance in registry.instances(host.home)]


def test_an_instance_comes_to_be(make_host: MakeHost) -> None:
    host, port = make_host("4.7.2"), free_port()
    called = create(host, port)
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    url = f"http://127.0.0.1:{port}"
    assert client.wait(url, "ok").version == "4.7.2"
    shown = host.smena("instance", "show", NEW).value
    assert (shown["state"], shown["version"], shown["settings"]["port"]) == ("running", "4.7.2", str(port))
    assert "port" not in shown["set"]["settings"], "the instance's own file says it"
    assert shown["troubles"] == []
    assert host.smena("instance", "stop", NEW).status == 0
    upgraded = host.smena("upgrade", NEW, "--to", "4.7.3", "--yes", "--probation", "0", "--accept", "does-not-answer")
    assert upgraded.status == 0, upgraded.out + upgraded.err


def test_what_lies_there_already_is_refused(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    (host.root / "var/www" / NEW).mkdir()
    (host.root / "var/www" / NEW / "mine").write_text("precious", "utf-8")
    before = of_product(host)
    called = create(host, free_port())
    assert (called.status, called.error["code"]) == (3, "instance-exists"), called.out
    assert of_product(host) == before
    assert known(host) == ["main"]


def test_a_taken_port_is_refused(host: UpgradeHost) -> None:
    before = of_product(host)
    called = create(host, host.port)
    assert (called.status, called.error["code"]) == (3, "checks-failed"), called.out
    assert of_product(host).keys() == before.keys()


def taken_back(host: UpgradeHost, plan: Plan, step: int) -> bool:
    """Let the run die behind that step, and go back from there; false when it has no such step any more."""
    run = host.write_down(plan)
    if host.carry(run, fault=f"run.after-do@{step}=kill") == 0:
        return False
    (host.home / "runs" / run / places.REQUESTS / "cancel").write_bytes(b"")
    assert host.carry(run) == 1, host.said(run)
    view = host.view(run)
    assert (view.state, host.said(run)) == ("undone", "")
    return True


def test_from_behind_any_step_nothing_is_left_of_a_new_one(make_host: MakeHost) -> None:
    host, port = make_host("4.7.2"), free_port()
    settings = {"root": str(host.root), "python": sys.executable, "port": str(port)}
    plan = life.plan_create(host.home, PRODUCT, "4.7.2", Wish(name=NEW, settings=settings), {})
    before = of_product(host)
    steps = 1
    while taken_back(host, plan, steps):
        assert of_product(host) == before, steps
        assert known(host) == ["main"]
        steps += 1
    assert steps > 15
    assert client.wait(f"http://127.0.0.1:{port}", "ok").version == "4.7.2"


@pytest.mark.parametrize("point", ["make-folder.made@3", "register.claimed", "registry.added", "supervised.starting"])
@pytest.mark.parametrize("how", ["error", "full"])
def test_a_failure_inside_a_step_leaves_nothing(point: str, how: str, make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    before = of_product(host)
    called = create(host, free_port(), fault=f"{point}={how}")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    assert of_product(host) == before
    assert known(host) == ["main"]


@pytest.mark.parametrize("step", [7, 8, 11, 13, 14, 16])
def test_a_death_inside_is_taken_up(step: int, make_host: MakeHost) -> None:
    host, port = make_host("4.7.2"), free_port()
    called = create(host, port, "--detach", fault=f"run.after-do@{step}=kill")
    assert called.status == 0, called.out + called.err
    run = called.value["run"]
    host.settled(run, "interrupted")
    host.smena("instance", "list")
    host.settled(run, "final")
    assert client.wait(f"http://127.0.0.1:{port}", "ok").version == "4.7.2"
    assert known(host) == ["main", NEW]


# --- configure -----------------------------------------------------------------------


def configure(host: UpgradeHost, *words: str, fault: str = "") -> Called:
    return host.smena("instance", "configure", "main", *words, "--yes", SMENA_FAULT=fault)


def test_a_setting_is_written_into_the_products_own_file(host: UpgradeHost) -> None:
    port = free_port()
    before = host.at.instance_file.read_text("utf-8")
    called = configure(host, "--set", f"port={port}")
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    assert client.wait(f"http://127.0.0.1:{port}", "ok").version == "4.7.2"
    assert host.at.instance_file.read_text("utf-8") == before.replace(f"port: {host.port}", f"port: {port}")
    again = configure(host, "--set", f"port={port}")
    assert (again.status, again.error["code"]) == (3, "already-so")


def test_data_moves_with_its_path(host: UpgradeHost) -> None:
    target = host.root / "srv/new place/Database"
    before = trees.content(host.at.database)
    called = configure(host, "--path", f"database={target}", "--move")
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    assert f"db.workDir: {target}\n" in host.at.instance_file.read_text("utf-8")
    assert not host.at.database.exists()
    kept = [path for path in host.root.rglob("*") if path.is_dir() and trees.content(path) == before]
    assert [path for path in kept if ".smena" in path.parts], "the old tree is in the restore point"
    assert host.data() == host.known


def test_what_cannot_be_set_is_refused_at_once(host: UpgradeHost) -> None:
    taken = host.root / "taken"
    taken.mkdir()
    (taken / "mine").write_text("precious", "utf-8")
    called = configure(
        host, "--move", "--set", "root=/elsewhere", "--path", f"database={taken}",
        "--path", f"logs={host.root}/x", "--path", f"streams={host.at.streams}/inside",
    )  # fmt: skip
    assert (called.status, called.error["code"]) == (3, "instance-unfit"), called.out
    assert len(called.error["why"]) == 4, called.error


def test_from_behind_any_step_of_a_move_everything_is_as_before(host: UpgradeHost) -> None:
    port, target = free_port(), host.root / "srv/new/Database"
    wanted = {"port": str(port)}, {"database": str(target)}
    plan = configuring.plan_configure(host.home, "main", *wanted, move=True)
    before = host.snapshot()
    steps = 1
    while taken_back(host, plan, steps):
        assert host.snapshot() == before, steps
        assert not (host.root / "srv").exists() or not trees_outside(host.root / "srv"), steps
        assert client.wait(host.url, "ok")
        assert host.data() == host.known
        steps += 1
    assert steps > 8
    assert client.wait(f"http://127.0.0.1:{port}", "ok").version == "4.7.2"


@pytest.mark.parametrize(
    "point", ["carry.copied", "carry.proven", "restore.moved", "copy.entry", "supervised.starting"]
)
def test_a_failure_inside_a_move_goes_back(point: str, host: UpgradeHost) -> None:
    before = host.snapshot()
    called = configure(host, "--path", f"database={host.root}/srv/new/Database", "--move", fault=f"{point}=error")
    assert (called.status, called.value["state"]) == (1, "undone"), called.out + called.err
    assert host.snapshot() == before
    assert client.wait(host.url, "ok")
    assert host.data() == host.known


def trees_outside(folder: Path) -> list[Path]:
    """What lies there that no restore point holds."""
    return [path for path in folder.rglob("*") if not path.is_dir() and ".smena" not in path.parts]


# --- remove --------------------------------------------------------------------------


def remove(host: UpgradeHost, *words: str, fault: str = "") -> Called:
    return host.smena("instance", "remove", "main", *words, "--yes", SMENA_FAULT=fault)


def test_an_instance_goes_and_its_data_stays(host: UpgradeHost) -> None:
    data = trees.content(host.at.streams)
    called = remove(host)
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    assert known(host) == []
    assert not host.at.config.exists()
    assert not host.at.instance_file.exists()
    assert trees.content(host.at.streams) == data
    assert host.at.database.exists()
    assert not list(host.root.rglob(".smena-home.*"))
    assert host.health() is None


def test_an_instance_goes_with_its_data(host: UpgradeHost) -> None:
    assert remove(host, "--with-data").status == 0
    assert not host.at.database.exists()
    assert not host.at.streams.exists()
    assert (host.at.data / "Backup").exists()


def test_nobody_is_there_to_say_yes_twice(host: UpgradeHost) -> None:
    called = host.smena("instance", "remove", "main")
    assert (called.status, called.error["code"]) == (4, "question-open"), called.out
    assert known(host) == ["main"]


def test_from_behind_any_step_of_a_removal_everything_is_as_before(host: UpgradeHost) -> None:
    before, registered = host.snapshot(), registry.get(host.home, "main")
    secrets.put(host.home, "main", {"word": "x" * 12})
    plan = life.plan_remove(host.home, "main", data=True)
    steps = 1
    while taken_back(host, plan, steps):
        assert host.snapshot() == before, steps
        assert registry.get(host.home, "main") == registered
        assert secrets.names(host.home, "main") == ("word",)
        assert client.wait(host.url, "ok")
        assert host.data() == host.known
        steps += 1
    assert steps > 8
    assert secrets.names(host.home, "main") == ()


def test_the_address_is_told(host: UpgradeHost) -> None:
    called = host.smena("instance", "open", "main")
    assert called.value == {"instance": "main", "url": f"{host.url}/", "opened": False}
