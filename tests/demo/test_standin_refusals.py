"""What a half-done upgrade or a slip of the hand leaves behind, the product does not start with: it says why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from demo.conftest import MakeHost
from smena.demo.standin import client, install, packages
from support.standin_host import StandinHost

Slip = Callable[[StandinHost], object]


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def relink(host: StandinHost, link: str, version: str) -> None:
    folder = install.add_version(host.root, version)
    (host.at.config / link).unlink()
    (host.at.config / link).symlink_to(folder / link)


SLIPS: dict[str, tuple[Slip, str]] = {
    "a link into another version": (lambda host: relink(host, "mobile", "4.2"), "lead into different versions"),
    "a link too few": (lambda host: (host.at.config / "robots.txt").unlink(), "robots.txt is missing"),
    "a link that leads nowhere": (lambda host: shutil.rmtree(host.at.versions / "4.7.2/mobile"), "leads nowhere"),
    "an old apigateway.yml": (
        lambda host: (host.at.config / "apigateway.yml").write_bytes(packages.default("4.2", "apigateway.yml")),
        "apigateway.yml is not of version 4.7.2: it lacks proxy.platform.timeoutSeconds",
    ),
    "an old Ignite.config": (
        lambda host: (host.at.config / "Ignite.config").write_bytes(packages.default("3.5", "Ignite.config")),
        "Ignite.config is not of version 4.7.2: it lacks walMode",
    ),
    "XML cut off": (lambda host: edit(host.at.config / "Ignite.config", "</beans>", ""), "Ignite.config: "),
    "a conflict left in a file": (
        lambda host: edit(host.at.config / "adapterhost.yml", "  timeout: 30\n", "<<<<<<< ours\n"),
        "adapterhost.yml, line",
    ),
    "a key twice": (
        lambda host: edit(host.at.config / "adapterhost.yml", "  timeout: 30\n", "  timeout: 30\n  timeout: 31\n"),
        "stands there twice",
    ),
    "no adapterhost.yml": (lambda host: (host.at.config / "adapterhost.yml").unlink(), "cannot read"),
    "no file of the instance": (lambda host: host.at.instance_file.unlink(), "cannot read"),
    "a template not filled in": (
        lambda host: edit(host.at.instance_file, "clusterName: main", "clusterName: ${name}"),
        "says nothing for 'clusterName'",
    ),
    "no place for the database": (
        lambda host: edit(host.at.instance_file, "db.workDir:", "db.dir:"),
        "says nothing for 'db.workDir'",
    ),
    "not a number": (lambda host: edit(host.at.instance_file, "workers.count: 4", "workers.count: x"), "workers.count"),
    "no database folder": (lambda host: shutil.rmtree(host.at.database), "does not exist"),
    "a database without its format": (lambda host: (host.at.database / "format").unlink(), "not a database"),
    "a snapshot lost": (
        lambda host: next((host.at.database / "snapshots").iterdir()).unlink(),
        "records are missing or out of order",
    ),
    "the records being written lost": (
        lambda host: next((host.at.database / "wal").iterdir()).unlink(),
        "wal holds 0 files",
    ),
    "a snapshot damaged": (
        lambda host: next((host.at.database / "snapshots").iterdir()).open("ab").write(b"x"),
        "damaged after byte",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_platform_does_not_start_with(slip: str, make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    host.up()
    client.fill(host.url, 300, 1)
    host.stop()
    act, words = SLIPS[slip]
    act(host)
    host.start("comindware")
    assert host.ends() == 1
    assert words in host.log()
    assert words in host.said("comindware").read_text("utf-8")


def test_without_logs_config_it_says_so_where_it_can(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    (host.at.config / "logs.config").unlink()
    host.start("comindware")
    assert host.ends() == 1
    assert "logs.config" in host.said("comindware").read_text("utf-8")


def test_one_database_one_process(make_host: MakeHost) -> None:
    one = make_host("4.2", "one")
    two = make_host("4.2", "two")
    edit(two.at.instance_file, str(two.at.database), str(one.at.database))
    one.up()
    two.start("comindware")
    assert two.ends() == 1
    assert "in use by another process" in two.log()
    one.stop()
    two.up()


def test_a_service_runs_once_and_the_second_harms_nobody(make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.up()
    for service in ("comindware", "adapterhost"):
        first = host.running.pop(service)
        host.start(service)
        assert host.ends(service) == 1
        assert "runs already" in host.log(f"{service}_*.log")
        host.running[service] = first
    assert client.wait(host.url).status == "ok"


def test_services_of_two_versions_are_not_well(make_host: MakeHost) -> None:
    """Somebody restarted but one of them after the switch."""
    host = make_host("4.7.2")
    host.up()
    host.switch("4.7.3")
    host.running["adapterhost"].terminate()
    host.ends("adapterhost")
    host.start("adapterhost")
    assert client.wait(host.url, "mixed versions").version == "4.7.2"


def test_settings_of_another_version_are_a_warning_only(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    edit(host.at.instance_file, "version: 4.7.2", "version: 4.2")
    assert host.up().settings_of == "4.2"
    assert "WARN the instance's file is of version 4.2" in host.log()


def test_settings_of_workers_moved_to_the_instances_file(make_host: MakeHost) -> None:
    host = make_host("4.2")
    edit(host.at.config / "Workers.config", '"Workers.Count" value="4"', '"Workers.Count" value="9"')
    assert host.up().workers == 9
    host.stop()
    kept = (host.at.config / "Workers.config").read_text("utf-8")
    host.switch("4.7.2")
    (host.at.config / "Workers.config").write_text(kept, "utf-8")
    assert host.up().workers == 4
    assert "Workers.config is not read any more" in host.log()
    host.stop()
    edit(host.at.instance_file, "# Внешние службы", "workers.count: 9\n# Внешние службы")
    assert host.up().workers == 9


def test_a_creation_cut_short_is_done_again(make_host: MakeHost) -> None:
    host = make_host("4.2")
    (host.at.database / "format").write_text("structure=42\nstate=creating\n", "ascii")
    (host.at.database / "wal").mkdir()
    host.up()
    client.fill(host.url, 3, 0)


def test_a_wrong_call_is_told_how(make_host: MakeHost) -> None:
    import subprocess

    command = install.service_commands(make_host("4.2").root, "main")["comindware"]
    result = subprocess.run(command[:-1], capture_output=True, text=True)
    assert result.returncode == 2
    assert "usage: comindware.py INSTANCE-FILE" in result.stderr
