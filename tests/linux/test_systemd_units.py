"""The systemd driver in trouble: what is missing, masked or broken is named, and the administrator's files stay."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.systemd_host import SystemdHost

pytestmark = pytest.mark.root

_CALL = """
import json, sys
from pathlib import Path
from smena.drivers.ports import Service
from smena.drivers.systemd import Systemd
from smena.errors import SmenaError
act, unit, home = sys.argv[1:]
service = Service(instance="N", name=unit, unit=unit, stop_within=2.0, start_within=5.0)
try:
    found = getattr(Systemd(Path(home)), act)(service)
except SmenaError as error:
    print(json.dumps(error.as_dict()))
else:
    print(json.dumps({"found": str(found)}))
"""


def call(host: SystemdHost, act: str, unit: str, home: str = "/var/home") -> dict[str, Any]:
    told: dict[str, Any] = json.loads(host.python(_CALL, act, unit, home))
    return told


def define(host: SystemdHost, name: str, command: str, more: str = "") -> None:
    host.write(f"/etc/systemd/system/{name}.service", f"{more}\n[Service]\nExecStart={command}\n")
    host.do("systemctl", "daemon-reload")


@pytest.mark.parametrize("act", ["state", "start"])
def test_a_missing_unit_is_named(systemd_host: SystemdHost, act: str) -> None:
    told = call(systemd_host, act, "nowhere")
    assert told["code"] == "service-unknown"
    assert "nowhere.service" in told["message"]


def test_a_missing_unit_is_stopped_already(systemd_host: SystemdHost) -> None:
    assert call(systemd_host, "stop", "nowhere") == {"found": "None"}


def test_a_masked_unit_is_named_and_counts_as_stopped(systemd_host: SystemdHost) -> None:
    systemd_host.do("ln", "-s", "/dev/null", "/etc/systemd/system/masked.service")
    systemd_host.do("systemctl", "daemon-reload")
    assert "stopped" in call(systemd_host, "state", "masked")["found"]
    told = call(systemd_host, "start", "masked")
    assert (told["code"], told["hint"]) == ("service-unfit", "systemctl unmask masked.service")


def test_one_that_cannot_start_says_its_last_words(systemd_host: SystemdHost) -> None:
    more = "[Service]\nType=forking"
    define(systemd_host, "bad", "/bin/sh -c 'echo the disk is gone; sleep 0.3; exit 3'", more)
    told = call(systemd_host, "start", "bad")
    assert told["code"] == "service-failed"
    assert any("the disk is gone" in words for words in told["why"]), told
    assert "exit-code" in told["state"]


def test_a_condition_that_does_not_hold_is_no_start(systemd_host: SystemdHost) -> None:
    define(systemd_host, "picky", "/bin/sleep 600", "[Unit]\nConditionPathExists=/no/such/file")
    assert systemd_host.run(["systemctl", "start", "picky"]).returncode == 0, "systemd itself calls it a success"
    told = call(systemd_host, "start", "picky")
    assert told["code"] == "service-failed"
    assert "condition" in told["message"]


def test_many_quick_starts_meet_no_limit(systemd_host: SystemdHost) -> None:
    define(systemd_host, "quick", "/bin/sleep 600")
    for _turn in range(8):
        assert call(systemd_host, "start", "quick") == {"found": "None"}
        assert call(systemd_host, "stop", "quick") == {"found": "None"}


def test_one_that_restarts_by_itself_has_died_and_can_be_stopped(systemd_host: SystemdHost) -> None:
    define(systemd_host, "again", "/bin/sh -c 'sleep 0.2; exit 1'", "[Service]\nRestart=on-failure\nRestartSec=60")
    systemd_host.do("systemctl", "start", "again")
    systemd_host.do("sleep", "1")
    assert "died" in call(systemd_host, "state", "again")["found"]
    call(systemd_host, "stop", "again")
    assert systemd_host.unit("again", "ActiveState")["ActiveState"] == "inactive"


@pytest.mark.parametrize("name", ["../x", "-x", "a b", "", "a/b", "сервис"])
def test_names_that_are_none_are_refused(systemd_host: SystemdHost, name: str) -> None:
    assert call(systemd_host, "start", name)["code"] == "service-unknown"
