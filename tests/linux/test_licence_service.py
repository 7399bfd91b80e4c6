"""After a network key was changed, its licence service is really restarted, at the time that a person chooses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.systemd_host import PYTHON, SystemdHost
from support.systemd_standin import PRODUCT, definition

pytestmark = pytest.mark.root

UNIT = "standin-licence.service"


def smena(host: SystemdHost, *words: str, good: tuple[int, ...] = (4,)) -> Any:
    done = host.run([PYTHON, "-m", "smena", *words, "--json"], env={"LC_ALL": "C.UTF-8"})
    assert done.returncode in good, done.stdout + done.stderr
    return json.loads(done.stdout)


def running(host: SystemdHost) -> str:
    return host.unit(UNIT, "InvocationID")["InvocationID"]


def test_the_service_is_restarted_when_a_person_says_so(systemd_host: SystemdHost) -> None:
    host = systemd_host
    host.write(f"/etc/systemd/system/{UNIT}", "[Service]\nExecStart=/bin/sleep infinity\n")
    host.do("systemctl", "daemon-reload")
    host.do("systemctl", "start", UNIT)
    keys = f"\nkeys: {{kinds: [guardant], service: {UNIT}}}\n"
    host.write("/var/lib/smena/products/comindware-standin.yaml", definition() + keys)
    for name in ("question.txt", "answer.txt", "code.txt"):
        host.write(f"/var/{name}", f"{name} 1234")
    smena(host, "key", "add", "usb", "--kind", "guardant", "--product", PRODUCT, "--network", good=(0,))
    smena(host, "key", "wizard", "--reason", "x", "--question", "/var/question.txt", "--sent")
    smena(host, "key", "wizard", "--answer", "/var/answer.txt", "--confirmation", "/var/code.txt")
    before = running(host)
    waiting = smena(host, "key", "wizard", "--sent")
    assert (waiting["stage"], waiting["service"]) == ("restart", UNIT)
    asked = smena(host, "key", "wizard", "--restart", "now")
    assert asked["error"]["code"] == "question-open"  # it throws every user out: nobody said yes
    assert running(host) == before
    done = smena(host, "key", "wizard", "--restart", "now", "--yes", good=(0,))
    assert done["stage"] == "done"
    assert running(host) not in ("", before)
