"""A plan says everything beforehand, changes nothing, and is run exactly as it was shown, or refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from smena.demo.standin import install
from support.upgrade_fixtures import MakeHost
from support.upgrade_host import ACCEPT, NAME, UpgradeHost


@pytest.fixture
def changed(make_host: MakeHost) -> UpgradeHost:
    """An administrator has been at work: a changed value, a comment, a setting of his own."""
    host = make_host("4.7.2")
    path = host.at.config / "apigateway.yml"
    text = path.read_text("utf-8").replace("timeoutSeconds: 120", "timeoutSeconds: 321 # slow reports")
    assert "321" in text
    path.write_text(text, "utf-8")
    host.start()
    return host


def test_plan_spells_everything_out_and_changes_nothing(changed: UpgradeHost, tmp_path: Path) -> None:
    host = changed
    before = host.snapshot()
    called = host.smena("plan", NAME, "--to", "4.7.3", "--diff", "-o", str(tmp_path / "plan.json"))
    assert called.status == 0, called.out + called.err
    plan = called.value
    assert (plan["from"], plan["to"]) == ("4.7.2", "4.7.3")
    kinds = [step["kind"] for step in plan["steps"]]
    assert kinds[0] == "judge"
    assert kinds.index("hold") < kinds.index("stop") < kinds.index("relink")
    links = next(step for step in plan["steps"] if step["kind"] == "relink")["params"]["links"]
    assert links["bin"] == f"{host.at.versions}/4.7.3/bin"
    starts = [step for step in plan["steps"] if step["kind"] == "start-converting"]
    commands = [service["command"] for service in starts[0]["params"]["services"]]
    assert [Path(command[-2]).name for command in commands] == ["comindware.py", "adapterhost.py", "apigateway.py"]
    gateway = next(change for change in plan["config"] if change["file"].endswith("apigateway.yml"))
    assert "proxy.platform.timeoutSeconds" in gateway["carried"]
    assert "321 # slow reports" in gateway["diff"] or "321" not in gateway["diff"]
    assert plan["forecast"]["room"]
    assert len(plan["external"]) == 2
    assert host.snapshot() == before
    assert not (host.home / "runs").exists()
    assert not list(host.root.rglob(".smena"))
    assert sorted(path.name for path in host.at.versions.iterdir()) == ["4.7.2"]


def test_plan_for_people_names_risks_hops_and_what_says_no(make_host: MakeHost) -> None:
    host = make_host("3.5.1100")
    called = host.smena("plan", NAME, "--to", "5.0", people=True)
    assert called.status == 0, called.err
    for words in (
        "main: 3.5.1100 → 5.0.13334.0",
        "hop 1: 3.5.1100 → 4.2, the data is converted",
        "risk adjust-applications",
        "accept it with --accept adjust-applications",
        "Elasticsearch or OpenSearch is a service of its own",
        "does not answer as it should",
    ):
        assert words in called.out, words
    russian = host.smena("plan", NAME, "--to", "5.0", "--lang", "ru", people=True)
    assert "Настройте приложения в экземпляре до обновления" in russian.out


def write_plan(host: UpgradeHost, path: Path) -> dict[str, object]:
    called = host.smena("plan", NAME, "--to", "4.7.3", *ACCEPT, "--probation", "0", "-o", str(path))
    assert called.status == 0, called.out + called.err
    shown: dict[str, object] = called.value
    return shown


def test_a_plan_in_a_file_is_run_exactly(changed: UpgradeHost, tmp_path: Path) -> None:
    host = changed
    shown = write_plan(host, tmp_path / "plan.json")
    called = host.smena("upgrade", "--plan", str(tmp_path / "plan.json"), "--yes")
    assert (called.status, called.value["state"]) == (0, "final"), called.out + called.err
    done = host.smena("run", "show").value
    assert done["plan"] == shown["hash"]
    steps = shown["steps"]
    assert isinstance(steps, list)
    assert [step["title"] for step in done["steps"]] == [step["title"] for step in steps]
    assert all(step["status"] == "done" for step in done["steps"])
    assert "timeoutSeconds: 321" in (host.at.config / "apigateway.yml").read_text("utf-8")


def edit_config(host: UpgradeHost) -> None:
    path = host.at.config / "apigateway.yml"
    path.write_text(path.read_text("utf-8") + "# one more line\n", "utf-8")


def edit_instance_file(host: UpgradeHost) -> None:
    """Where the data lies is a stable fact."""
    text = host.at.instance_file.read_text("utf-8").replace("/Database\n", "/Elsewhere\n")
    host.at.instance_file.write_text(text, "utf-8")
    host.at.database.with_name("Elsewhere").mkdir()


def change_version(host: UpgradeHost) -> None:
    host.stop()
    install.switch(host.root, NAME, "4.7.3")


def change_definition(host: UpgradeHost) -> None:
    path = host.home / "products" / "comindware-standin.yaml"
    path.write_text(path.read_text("utf-8").replace("within: 2m", "within: 3m"), "utf-8")


def remove_package(host: UpgradeHost) -> None:
    (package,) = host.home.glob("releases/*/4.7.3/*/*.tar.gz")
    package.unlink()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit_config, "apigateway.yml has changed since the plan was made"),
        (edit_instance_file, "path.database was"),
        (change_version, "version was 4.7.2 and is now 4.7.3"),
        (change_definition, "the definition of comindware-standin has changed since the plan was made"),
        (remove_package, "is not there"),
    ],
)
def test_a_plan_is_refused_when_what_it_rests_on_has_changed(
    change: Callable[[UpgradeHost], None], words: str, host: UpgradeHost, tmp_path: Path
) -> None:
    write_plan(host, tmp_path / "plan.json")
    change(host)
    before = host.snapshot()
    called = host.smena("upgrade", "--plan", str(tmp_path / "plan.json"), "--yes")
    assert called.status == 3, called.out + called.err
    assert words in json.dumps(called.error, ensure_ascii=False), called.error
    assert called.error["state"] == "nothing was changed"
    assert host.snapshot() == before
    assert not (host.home / "runs").exists()


def test_a_file_that_is_no_plan_is_refused(host: UpgradeHost, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text('{"schema": 1}')
    called = host.smena("upgrade", "--plan", str(tmp_path / "plan.json"), "--yes")
    assert (called.status, called.error["code"]) == (3, "plan-bad")
    (tmp_path / "newer.json").write_text('{"schema": 2, "steps": {}}')
    newer = host.smena("upgrade", "--plan", str(tmp_path / "newer.json"), "--yes")
    assert (newer.status, newer.error["code"]) == (3, "plan-bad")
    assert "newer smena" in json.dumps(newer.error)
    missing = host.smena("upgrade", "--plan", str(tmp_path / "none.json"), "--yes")
    assert (missing.status, missing.error["code"]) == (2, "file-missing")


def test_the_same_host_gives_the_same_plan(host: UpgradeHost) -> None:
    assert host.plan("4.7.3").hash == host.plan("4.7.3").hash


_LAST = "    - edit-yaml: {file: '${paths.instance-file}', set: {version: '${to}'}}\n"


def _with(line: str) -> dict[str, str]:
    """The procedure has one more step."""
    return {_LAST: f"    - {line}\n{_LAST}"}


def test_a_service_gets_its_environment_and_loses_it_again(make_host: MakeHost) -> None:
    host = make_host("4.7.2", changes=_with("service-config: {service: apigateway, set: {JAVA_OPTS: '-Xmx2g'}}"))
    host.start()
    before = host.snapshot()
    called = host.upgrade("4.7.3")
    assert called.status == 0, called.out + called.err
    (file,) = host.root.glob("etc/sysconfig/comindware*-env")
    assert "JAVA_OPTS=-Xmx2g" in file.read_text("utf-8").replace('"', "")
    called = host.smena("rollback", NAME, "--yes")
    assert called.status == 0, called.out + called.err
    assert host.snapshot() == before


def test_a_service_without_an_environment_file_is_named(make_host: MakeHost) -> None:
    changes = _with("service-config: {service: comindware, set: {A: b}}")
    host = make_host("4.7.2", changes=changes | {"        environment-file: ${paths.environment-file}\n": ""})
    called = host.smena("plan", NAME, "--to", "4.7.3", people=True)
    assert called.status != 0
    assert "the service comindware reads no environment file" in called.err
