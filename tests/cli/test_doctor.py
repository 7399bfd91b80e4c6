"""`smena doctor` on homes and instances in every kind of trouble: it never fails, and names the one next command."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from smena.instances import marker, registry
from smena.instances.instance import Instance
from smena.service import places
from support import trees
from support.upgrade_fixtures import MakeHost, make_host, stock  # noqa: F401 - fixtures
from support.upgrade_host import NAME, UpgradeHost

Findings = list[dict[str, Any]]


def ask(host: UpgradeHost, *, status: int) -> Findings:
    called = host.smena("doctor")
    assert called.status == status, called.out + called.err
    assert called.value["healthy"] == (status == 0)
    found: Findings = called.value["findings"]
    assert all(set(one) == {"topic", "what", "state", "found", "hint", "instance"} for one in found)
    return found


def wrong(host: UpgradeHost) -> dict[str, dict[str, Any]]:
    """What needs a person, by topic; each has a next command."""
    found = [one for one in ask(host, status=4) if one["state"] == "wrong"]
    assert [one for one in found if not one["hint"] and one["topic"] != "journal"] == []
    return {one["topic"]: one for one in found}


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> UpgradeHost:  # noqa: F811
    """With its home on a disk: what lies in memory is rightly called wrong."""
    made = make_host("4.7.2")
    shutil.copytree(made.home, tmp_path / "home")
    made.home = tmp_path / "home"
    marker.claim(made.home, made.at.config, NAME, take_over=True)
    return made


def test_a_home_in_order_needs_nobody(host: UpgradeHost) -> None:
    found = ask(host, status=0)
    topics = {one["topic"]: one["state"] for one in found}
    for topic in ("system", "interpreter", "archives", "clock", "init", "home", "home.disk", "registry", "instance"):
        assert topics[topic] == "ok", found


def test_nothing_is_made_where_nothing_is(smena: Callable[..., Any], tmp_path: Path) -> None:
    called = smena("doctor", "--json")
    assert called.returncode == 0, called.stdout
    assert not (tmp_path / "home").exists()
    assert "NEXT" in smena("doctor").stdout
    assert "ДАЛЬШЕ" in smena("doctor", "--lang", "ru").stdout


def test_looking_changes_nothing(host: UpgradeHost) -> None:
    host.smena("doctor")
    before = trees.content(host.base), trees.content(host.home)
    host.smena("doctor")
    assert (trees.content(host.base), trees.content(host.home)) == before


# --- the home's files ------------------------------------------------------------------


@pytest.mark.parametrize("how", ["garbage", "cut", "empty-page", "row"])
def test_a_damaged_registry_is_named_and_the_way_to_a_new_one_works(host: UpgradeHost, how: str) -> None:
    file = host.home / registry.FILE
    if how == "row":
        with sqlite3.connect(file) as store:
            store.execute("UPDATE instance SET about='{'")
        store.close()
    else:
        content = file.read_bytes()
        for beside in host.home.glob(f"{registry.FILE}-*"):
            beside.unlink()
        middle = content[:4096] + bytes(4096) + content[8192:]
        file.write_bytes({"garbage": b"not a database" * 100, "cut": content[:5000], "empty-page": middle}[how])
    found = wrong(host)
    assert str(file) in found["registry"]["found"]
    assert host.smena("instance", "list").status != 0
    assert f"mv {file}" in found["registry"]["hint"]
    file.rename(file.with_name("aside"))
    assert [one.name for one in registry.instances(host.home)] == []
    settings = ("--set", f"root={host.root}", "--set", f"python={sys.executable}")
    assert host.smena("instance", "add", NAME, "--product", "comindware-standin", *settings).status == 0
    ask(host, status=0)


def test_a_registry_of_a_newer_smena_says_so(host: UpgradeHost) -> None:
    with sqlite3.connect(host.home / registry.FILE) as store:
        store.execute("PRAGMA user_version=99")
    store.close()
    told = wrong(host)["registry"]
    assert "newer smena" in told["found"]
    assert told["hint"] == "use the newer smena again"


def test_a_damaged_journal_hides_nothing_else(host: UpgradeHost) -> None:
    folder = places.run_folder(host.home, "20260101T000000-dead")
    folder.mkdir(parents=True)
    (folder / "journal.sqlite").write_bytes(b"x" * 4096)
    found = wrong(host)
    assert "20260101T000000-dead" in found["journal"]["what"]
    assert set(found) <= {"journal", "home.mode"}


def test_what_is_open_to_others_is_named(host: UpgradeHost) -> None:
    (host.home / "secrets").mkdir(mode=0o755)
    (host.home / "secrets").chmod(0o755)
    assert wrong(host)["home.mode"]["hint"] == f"chmod 700 {host.home}/secrets"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_others_own_in_the_home_is_named(host: UpgradeHost) -> None:
    """Whoever could write there once may have left more than folders that were open."""
    (host.home / "products").mkdir(exist_ok=True)
    os.chown(host.home / "products", 4711, 4711)
    told = wrong(host)["home.owner"]
    assert told["found"] == f"{host.home}/products belongs to another user"
    assert told["hint"] == f"chown -R 0 {host.home}"


@pytest.mark.parametrize(
    ("place", "topic"), [("hold/main", "hold"), ("pages/main.json", "page"), ("hold/stranger", "hold")]
)
def test_what_no_run_answers_for_is_named(host: UpgradeHost, place: str, topic: str) -> None:
    path = host.home / place
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_bytes(b"")
    assert str(path) in wrong(host)[topic]["found"]


def test_an_interrupted_run_is_named_and_not_taken_up(host: UpgradeHost) -> None:
    run = host.detached("4.7.3", "--accept", "does-not-answer", fault="run.before-do@3=kill")
    host.settled(run, "interrupted")
    told = wrong(host)["run"]
    assert told["hint"] == f"smena run resume {run}"
    assert host.view(run).state == "interrupted"
    host.smena("run", "cancel", run)
    host.settled(run, "undone")
    host.over(run)
    ask(host, status=0)


# --- instances -------------------------------------------------------------------------


def test_a_home_that_moved_is_seen_at_the_markers(host: UpgradeHost, tmp_path: Path) -> None:
    host.home = host.home.rename(tmp_path / "elsewhere")
    told = wrong(host)["instance.marker"]
    assert "--take-over" in told["hint"]
    assert host.smena("instance", "add", NAME, "--take-over").status == 0
    ask(host, status=0)


def test_a_missing_marker_is_made_by_the_command_that_is_named(host: UpgradeHost) -> None:
    marker.place(host.at.config).unlink()
    assert wrong(host)["instance.marker"]["hint"] == f"smena instance add {NAME} --take-over"
    assert host.smena("instance", "add", NAME, "--take-over").status == 0
    ask(host, status=0)


def test_missing_data_and_configuration_are_named(host: UpgradeHost) -> None:
    host.at.database.rename(host.root / "away")
    assert str(host.at.database) in wrong(host)["instance.path"]["found"]
    host.at.instance_file.unlink()
    assert any(str(host.at.instance_file) in one["found"] for one in ask(host, status=4) if one["state"] == "wrong")


def test_a_definition_that_is_gone_hides_only_its_own_instances(host: UpgradeHost) -> None:
    registry.add(host.home, Instance(name="lost", product="gone-product"))
    told = wrong(host)["instance.definition"]
    assert (told["instance"], "gone-product" in told["found"]) == ("lost", True)
    assert any(one["instance"] == NAME and one["state"] == "ok" for one in ask(host, status=4))


def test_a_missing_account_is_named_with_the_command_that_makes_it(host: UpgradeHost) -> None:
    (file,) = (host.home / "products").glob("*.yaml")
    text = file.read_text("utf-8")
    families = "".join(f"      {name}: {{owner: nobody-such}}\n" for name in ("debian", "rpm", "alt"))
    file.write_text(text.replace("  linux:\n    paths:", f"  linux:\n    os-family:\n{families}    paths:", 1), "utf-8")
    told = wrong(host)["instance.owner"]
    assert told["hint"].startswith("useradd --system")
    assert "nobody-such" in told["found"]


def test_findings_can_be_read_back(host: UpgradeHost) -> None:
    from smena.service.doctor import probes

    found = probes.look(host.home)
    assert json.loads(msgspec.json.encode(found))[0]["topic"] == "system"
