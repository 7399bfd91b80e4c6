"""Runs as units of their own: they outlive whoever asked for them, and no secret of his goes with them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from support.systemd_host import PYTHON, SystemdHost
from support.systemd_standin import ACCEPT, NAME, URL, Standin

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    host = SystemdHost()
    try:
        host.boot()
        yield Standin(host, "4.7.2", releases=("4.7.3",)).add()
    finally:
        host.close()


def test_a_run_survives_the_end_of_the_unit_that_asked_for_it(standin: Standin) -> None:
    host, before = standin.host, standin.trees()
    words = ["upgrade", NAME, "--to", "4.7.3", "--yes", "--probation", "0", *ACCEPT]
    own = {"PASSWORD": "hunter2", "SMENA_FAULT": "run.before-do@30=halt"}
    told = [f"--setenv={name}={value}" for name, value in own.items()]
    host.do("systemd-run", "--unit=console", "--quiet", *told, PYTHON, "-m", "smena", *words)
    run = ""
    while not run:
        run = host.run(["ls", "/var/lib/smena/runs"]).stdout.strip()
    standin.halted(run)
    host.do("systemctl", "kill", "--signal=KILL", "console")
    unit = host.unit(f"smena-run-{run}", "ActiveState", "MainPID", "Environment")
    assert unit["ActiveState"] == "active"
    assert "hunter2" not in host.do("cat", f"/proc/{unit['MainPID']}/environ") + unit["Environment"]
    host.do("systemctl", "kill", "--signal=CONT", f"smena-run-{run}")
    assert standin.settled(run, "final", "undone") == "final", standin.said(run)
    assert standin.wait().version == "4.7.3"
    assert standin.data() == standin.known
    while host.run(["systemctl", "list-units", "--all", "--no-legend", "smena-run-*"]).stdout:
        assert host.unit(f"smena-run-{run}", "ActiveState")["ActiveState"] != "failed", "it tidies up, and is collected"
    units = [line for line in before if "/etc/systemd" in line]
    assert [line for line in standin.trees() if "/etc/systemd" in line] == units


def test_the_unit_for_the_boot_precedes_the_products_own(standin: Standin) -> None:
    shown = standin.host.unit("smena-resume.service", "UnitFileState", "Before", "NeedDaemonReload")
    assert (shown["UnitFileState"], shown["NeedDaemonReload"]) == ("enabled", "no")
    assert {f"{name}{NAME}.service" for name in ("comindware", "apigateway", "adapterhost")} <= set(
        shown["Before"].split()
    )


def test_a_rollback_is_a_run_too(standin: Standin) -> None:
    if standin.wait().version != "4.7.3":  # the test that upgrades it ran in another process
        standin.smena("upgrade", NAME, "--to", "4.7.3", "--yes", "--probation", "0", *ACCEPT)
    run = standin.host.run([PYTHON, "-m", "smena", "rollback", NAME, "--yes", "--json"])
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["state"] == "final"
    assert standin.wait().version == "4.7.2", URL
    assert standin.data() == standin.known
