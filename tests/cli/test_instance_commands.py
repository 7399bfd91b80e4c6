"""`smena instance` on a host with two instances of the stand-in: found, added, listed, shown, started, stopped."""

from __future__ import annotations

import json
import os
import pty
import secrets as random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smena.demo.standin import client
from smena.demo.standin.install import Layout
from smena.errors import InstanceElsewhere, InstanceHeld, InstanceUnfit, LockBusy, SecretUnknown, ServiceFailed
from smena.host.lock import Lock
from smena.instances import registry
from smena.instances.adopt import Wish
from smena.service import instances, overview, places, turns
from support import standinproduct
from support.standin_host import free_port

Smena = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "root"


@pytest.fixture
def home(tmp_path: Path, root: Path) -> Iterator[Path]:
    """A home that knows the stand-in; whatever was started in it ends with the test."""
    folder = tmp_path / "home"
    standinproduct.put_into(folder, root)
    yield folder
    (folder / "hold/main").unlink(missing_ok=True)
    for name in instances.names(folder):
        instances.stop(folder, name)


@pytest.fixture
def main(root: Path) -> Layout:
    return standinproduct.create(root, "main", "3.5", free_port())


def add(home: Path, name: str = "main") -> None:
    instances.add(home, Wish(name=name), product=standinproduct.NAME, hidden={"db-password": "x"})


def read(done: subprocess.CompletedProcess[str]) -> Any:
    assert done.stderr == ""
    return json.loads(done.stdout)


def error(done: subprocess.CompletedProcess[str]) -> Any:
    return read(done)["error"]


@pytest.mark.slow
def test_from_found_to_running_and_back(smena: Smena, home: Path, root: Path, main: Layout) -> None:
    standinproduct.create(root, "second", "5.0", free_port())
    found = read(smena("instance", "discover", "--json"))
    assert [(one["name"], one["version"], one["addable"]) for one in found["instances"]] == [
        ("main", "3.5", True),
        ("second", "5.0.13334.0", True),
    ]
    password = home.parent / "password"
    password.write_text("geheim\n", "utf-8")
    added = smena("instance", "add", "main", "--secret", f"db-password={password}", "--set", "mode=loud")
    assert (added.returncode, added.stdout) == (0, "main is registered as an instance of standin-platform\n")
    assert read(smena("instance", "add", "--all", "--json"))["added"][0]["name"] == "second"

    started = smena("instance", "start", "main")
    assert (started.returncode, started.stdout, started.stderr) == (0, "main is started\n", "")
    assert smena("instance", "start", "main").stdout == "main runs already\n"
    listed = {one["name"]: one for one in read(smena("instance", "list", "--json"))["instances"]}
    assert listed["main"]["state"] == "running"
    assert listed["main"]["services"] == {"adapterhost": True, "platform": True, "apigateway": True}
    assert listed["second"]["state"] == "stopped"
    health = client.answers(listed["main"]["url"].removesuffix("loud").replace("localhost", "127.0.0.1"))
    assert health is not None
    assert (health.status, health.instance) == ("ok", "main")

    shown = smena("instance", "show", "main")
    for words in ("Version: 3.5", "State: running", "Secrets known: db-password", str(main.database), "set here"):
        assert words in shown.stdout
    assert "geheim" not in shown.stdout + smena("instance", "show", "main", "--json").stdout
    assert smena("instance", "stop", "main").stdout == "main is stopped\n"
    assert smena("instance", "stop", "main").stdout == "main did not run\n"
    assert client.answers(f"http://127.0.0.1:{listed['main']['url'].split(':')[2].split('/')[0]}") is None


def test_an_empty_home(smena: Smena) -> None:
    assert "No instance is registered yet" in smena("instance", "list").stdout
    assert read(smena("instance", "list", "--json")) == {"instances": []}
    assert "No instance was found" in smena("instance", "discover", "--product", "comindware-platform").stdout


def test_unknown_names_are_told_with_the_next_command(smena: Smena, home: Path, main: Layout) -> None:
    add(home)
    done = smena("instance", "show", "mian", "--json")
    assert done.returncode == 3
    assert error(done)["code"] == "instance-unknown"
    assert error(done)["why"] == ["was main meant?"]
    done = smena("instance", "add", "nobody", "--json")
    assert (done.returncode, error(done)["code"]) == (3, "instance-unknown")
    standinproduct.create(main.root, "second")
    done = smena("instance", "add", "second", "main", "--json")
    assert (done.returncode, error(done)["code"]) == (3, "instance-exists")
    assert error(done)["state"] == "done before that: second"


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["add", "main", "--all"],
        ["add", "--all", "--edition", "x"],
        ["add", "main", "--set", "port"],
        ["add", "main", "--set", "port=1", "--set", "port=2"],
        ["add", "a", "b", "--path", "config=/x"],
        ["add", "main", "--secret", "=x"],
        ["add", "main", "--secret", "db-password=/no/such/file"],
        ["discover", "--set", "port=1"],
        ["start"],
    ],
)
def test_wrong_usage(smena: Smena, arguments: list[str]) -> None:
    done = smena("instance", *arguments, "--json")
    assert done.returncode == 2
    assert error(done)["message"]


def test_everything_wrong_with_a_description_is_told_at_once(smena: Smena, home: Path, main: Layout) -> None:
    arguments = ["--product", standinproduct.NAME, "--set", "prot=1", "--set", "port=x", "--path", "database=here"]
    told = error(smena("instance", "add", "main", *arguments, "--json"))
    assert told["code"] == "instance-unfit"
    assert len(told["why"]) == 3
    assert registry.instances(home) == []


def test_a_secret_is_asked_for_where_somebody_can_answer(
    smena: Smena, home: Path, main: Layout, environment: dict[str, str]
) -> None:
    arguments = ["instance", "add", "main", "--product", standinproduct.NAME, "--secret", "db-password"]
    done = smena(*arguments, "--json")
    assert (done.returncode, error(done)["code"]) == (4, "question-open")
    word = random.token_hex(8)
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "smena", *arguments], env=environment, stdin=slave, stdout=slave, stderr=slave,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    seen = b""
    while b"db-password" not in seen:
        seen += os.read(master, 1000)
    os.write(master, f"{word}\n".encode())
    assert process.wait(30) == 0
    os.close(master)
    assert json.loads((home / "secrets/main.json").read_bytes()) == {"db-password": word}


def test_a_broken_instance_does_not_hide_the_others(smena: Smena, home: Path, root: Path, main: Layout) -> None:
    for name in ("broken", "gone", "unversioned"):
        standinproduct.create(root, name)
    for name in ("main", "broken", "gone", "unversioned"):
        add(home, name)
    (root / "usr/share/comindware/configs/instance/broken.yml").write_text("port: [\n", "utf-8")
    (root / "var/www/gone").rename(root / "var/www/elsewhere")
    (root / "var/www/unversioned/bin").unlink()
    (root / "var/www/unversioned/bin").symlink_to("/nowhere")
    found = {one["name"]: one for one in read(smena("instance", "list", "--json"))["instances"]}
    states = {name: (one["state"], one["version"]) for name, one in found.items()}
    assert states == {
        "main": ("stopped", "3.5"),
        "broken": ("stopped", None),
        "gone": ("no-configuration", None),
        "unversioned": ("stopped", None),
    }
    shown = smena("instance", "list").stdout
    assert "which is not there" in shown
    assert "there is no configuration at" in shown
    assert any("broken.yml" in trouble for trouble in found["broken"]["troubles"])
    assert found["main"]["troubles"] == []


def test_an_instance_of_a_product_that_is_not_known_any_more_is_listed(home: Path, main: Layout) -> None:
    add(home)
    (home / "products/standin-platform.yaml").unlink()
    (one,) = overview.listed(home)
    assert (one.state, one.version) == ("unknown", None)
    assert "standin-platform" in str(one.troubles[0])
    standinproduct.put_into(home, main.root)


def test_sizes_are_those_measured_last_and_measured_again_when_asked(home: Path, main: Layout) -> None:
    add(home)
    (before,) = overview.listed(home)
    (main.database / "more").write_bytes(b"x" * 5000)
    (again,) = overview.listed(home)
    assert again.sizes["database"] == before.sizes["database"], "with the time at which it was so"
    (measured,) = overview.listed(home, refresh=True)
    assert measured.sizes["database"].bytes == before.sizes["database"].bytes + 5000
    assert measured.sizes["database"].at > before.sizes["database"].at
    assert overview.shown(home, "main").by_role["data"].bytes == measured.sizes["database"].bytes


def test_words_in_russian_too(smena: Smena, home: Path, main: Layout) -> None:
    add(home)
    for arguments in (["list"], ["show", "main"], ["discover"]):
        assert smena("instance", *arguments, "--lang", "ru").returncode == 0


# --- start and stop ----------------------------------------------------------------


def test_a_secret_that_nobody_knows_is_told_before_anything_starts(home: Path, main: Layout) -> None:
    instances.add(home, Wish(name="main"), product=standinproduct.NAME)
    with pytest.raises(SecretUnknown, match="db-password"):
        instances.start(home, "main")
    assert overview.shown(home, "main").state == "stopped"


def test_a_run_and_a_person_do_not_meet(home: Path, main: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    add(home)
    monkeypatch.setattr(turns, "_PATIENCE", 0.2)
    with Lock(places.lock(home, "main"), "smena run 1"):
        for change in (instances.start, instances.stop):
            with pytest.raises(LockBusy) as busy:
                change(home, "main")
            assert "smena run 1" in str(busy.value.why[0])


def test_a_held_instance_is_neither_started_nor_stopped(home: Path, main: Layout) -> None:
    add(home)
    (home / "hold").mkdir()
    (home / "hold/main").touch()
    with pytest.raises(InstanceHeld):
        instances.start(home, "main")
    with pytest.raises(InstanceHeld):
        instances.stop(home, "main")
    assert overview.shown(home, "main").held


def test_an_instance_of_another_home_is_left_alone(home: Path, main: Layout, tmp_path: Path) -> None:
    add(home)
    other = tmp_path / "other"
    standinproduct.put_into(other, main.root)
    instances.add(other, Wish(name="main"), product=standinproduct.NAME, take_over=True)
    for change in (instances.start, instances.stop):
        with pytest.raises(InstanceElsewhere) as refused:
            change(home, "main")
        assert str(other) in " ".join(map(str, refused.value.why))
    assert any("managed from another home" in str(trouble) for trouble in overview.shown(home, "main").troubles)
    instances.add(home, Wish(name="main"), take_over=True)


def test_where_nothing_is_nothing_is_started(home: Path, main: Layout) -> None:
    add(home)
    main.config.rename(main.config.with_name("moved"))
    with pytest.raises(InstanceUnfit, match="nothing to start"):
        instances.start(home, "main")


def test_what_runs_can_be_stopped_even_if_its_file_is_broken(home: Path, main: Layout) -> None:
    add(home)
    instances.start(home, "main")
    main.instance_file.write_text("[", "utf-8")
    changed = instances.stop(home, "main")
    assert changed.services == {"apigateway": True, "platform": True, "adapterhost": True}
    assert list(changed.services) == ["apigateway", "platform", "adapterhost"], "the last first"


def test_a_service_that_never_answers_is_told(home: Path, main: Layout) -> None:
    add(home)
    text = standinproduct.text(main.root).replace("/health'", "/health'\n        start-within: 1s")
    (home / "products/standin-platform.yaml").write_text(text, "utf-8")
    (main.config / "standin-faults.json").write_text('{"slow-start": 30}', "utf-8")
    with pytest.raises(ServiceFailed, match="does not answer") as failed:
        instances.start(home, "main")
    assert "running now: " in str(failed.value.state)
    assert overview.shown(home, "main").state in ("running", "partly")
