"""The doctor, discovery and lists on a real host: units, sites, accounts, and the unit for the boot."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from smena.selftest import services
from support.systemd_host import PYTHON, SystemdHost
from support.systemd_standin import GATEWAY, NAME, PRODUCT, Standin, definition

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    host = SystemdHost(nginx=True)
    try:
        host.boot()
        made = Standin(host, "4.7.2", releases=("4.7.3",), gateway=GATEWAY)
        traced = r"      files: \1\n      services: ['comindware{name}']"
        text = re.sub(r"(?m)^      files: (\[.*\])$", traced, definition(site=True))
        host.write("/var/lib/smena/products/comindware-standin.yaml", text)
        yield made
    finally:
        host.close()


def doctor(standin: Standin, *, status: int) -> dict[str, dict[str, Any]]:
    """The findings that need a person, by topic; and all of them, where none does."""
    told = standin.smena("doctor", good=(status,))
    found = [one for one in told["findings"] if status == 0 or one["state"] == "wrong"]
    return {one["topic"]: one for one in found}


def test_what_was_installed_is_found_by_all_that_it_left(standin: Standin) -> None:
    (found,) = standin.smena("instance", "discover", "--product", PRODUCT)["instances"]
    assert (found["name"], found["addable"], found["version"]) == (NAME, True, "4.7.2")
    for trace in (f"/var/www/{NAME}/bin", f"comindware{NAME}.service", f"/etc/nginx/sites-available/comindware{NAME}"):
        assert any(path.endswith(trace) for path in found["traces"]), found["traces"]


def test_who_adds_it_prepares_the_boot(standin: Standin) -> None:
    standin.host.run(["systemctl", "disable", "smena-resume.service"])
    added = standin.smena("instance", "add", "--all", "--product", PRODUCT)
    assert [one["name"] for one in added["added"]] == [NAME]
    assert standin.host.unit("smena-resume.service", "UnitFileState") == {"UnitFileState": "enabled"}
    found = doctor(standin, status=0)
    for topic in ("init", "nginx", "nginx.configuration", "nginx.process", "resume", "instance", "home"):
        assert found[topic]["state"] == "ok", found[topic]
    (listed,) = standin.smena("instance", "list")["instances"]
    assert (listed["state"], listed["troubles"]) == ("running", [])


@pytest.fixture
def managed(standin: Standin) -> Standin:
    """The instance is ours, whichever tests this process ran before."""
    if not standin.smena("instance", "list")["instances"]:
        standin.smena("instance", "add", "--all", "--product", PRODUCT)
    return standin


UNITS, SITES = "/etc/systemd/system", "/etc/nginx"
TROUBLE = {
    "resume-off": ("systemctl disable -q smena-resume", "resume", f"{PYTHON} -m smena doctor --install-resume"),
    "resume-gone": (f"rm {UNITS}/smena-resume.service", "resume", f"{PYTHON} -m smena doctor --install-resume"),
    "masked": (
        f"mv {UNITS}/adapterhost{NAME}.service /root/; systemctl mask -q adapterhost{NAME}",
        "instance.unit",
        f"systemctl unmask -q adapterhost{NAME}; mv /root/adapterhost{NAME}.service {UNITS}/",
    ),
    "no-unit": (
        f"mv {UNITS}/comindware{NAME}.service /root/",
        "instance.unit",
        f"mv /root/comindware{NAME}.service {UNITS}/",
    ),
    "no-account": (
        "cp /etc/passwd /root/; sed -i /^www-data:/d /etc/passwd",
        "instance.owner",
        "cp /root/passwd /etc/",
    ),
    "no-site": (
        f"rm {SITES}/sites-enabled/comindware{NAME}",
        "instance.site",
        f"ln -s ../sites-available/comindware{NAME} {SITES}/sites-enabled/",
    ),
    "nginx-broken": (
        f"echo 'server {{ listen 1.2.3.4.5; }}' > {SITES}/sites-enabled/bad",
        "nginx.configuration",
        f"rm {SITES}/sites-enabled/bad",
    ),
    "nginx-down": ("systemctl stop nginx", "nginx.process", "systemctl start nginx"),
    "permit": (f"mkdir -p /run/smena/permit; touch /run/smena/permit/{NAME}", "permit", f"rm /run/smena/permit/{NAME}"),
    "disk": (
        "echo '/dev/vdz /var/lib/comindware ext4 defaults 0 2' >> /etc/fstab",
        "instance.mount",
        "sed -i /vdz/d /etc/fstab",
    ),
}


@pytest.mark.parametrize(("harm", "topic", "heal"), TROUBLE.values(), ids=TROUBLE)
def test_trouble_is_named_and_ends(managed: Standin, harm: str, topic: str, heal: str) -> None:
    managed.host.do("bash", "-c", harm)
    try:
        found = doctor(managed, status=4)
        assert topic in found, found
        assert found[topic]["hint"], found[topic]
    finally:
        managed.host.do("bash", "-c", heal)
        managed.host.do("systemctl", "daemon-reload")
    doctor(managed, status=0)


_SELF_TEST = """
import json
from pathlib import Path
from smena.selftest.running import results, scratch_folder
from smena.service import self_test
(part,) = [part for part in self_test.parts(Path("/var/lib/smena")) if part.name == "systemd"]
assert part.why is None, part.why
with scratch_folder(Path("/var/lib/smena")) as scratch:
    print(json.dumps({one.case: str(one.trouble or "") for one in results(part, scratch)}))
"""


def test_the_contract_of_services_is_kept_by_systemd_and_nothing_is_left(managed: Standin) -> None:
    """What `smena doctor --self-test` tries here; its other parts are tried without a host."""
    before = managed.trees()
    told = json.loads(managed.host.python(_SELF_TEST))
    assert (len(told), {words for words in told.values() if words}) == (len(services.SUITE.cases), set())
    assert managed.trees() == before
    assert "selftest" not in managed.host.do("systemctl", "list-units", "--all", "--no-legend", "--plain")
    doctor(managed, status=0)
