"""An instance comes to be and goes on a real host: its units and its site with it, and back again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from smena.demo.standin import client
from smena.demo.standin.packages import SERVICES
from support.systemd_host import SystemdHost
from support.systemd_standin import GATEWAY, PRODUCT, Standin, definition

pytestmark = pytest.mark.root

NEW, PORT = "second", 8081
UNITS = tuple(f"{service}{NEW}.service" for service in SERVICES)
SYSTEM, SITE = "/etc/systemd/system", f"/etc/nginx/sites-available/comindware{NEW}"
_MERGED = "  - {merge-config: {}, title: {en: Take the default"
_GATEWAY = "  - edit-yaml: {file: '${paths.config}/apigateway.yml', set: {listen.port: '${settings.gateway-port}'}}\n"
_LAST = "  - {await-http: {url: '${site.probe}', within: 1m}}\n\nafter:"
_SITE = """  - make-site:
      template: ${paths.versions}/${to}/units/site.conf
      values: {name: '${name}', port: '${settings.port}', gateway-port: '${settings.gateway-port}'}
"""


@pytest.fixture(scope="module")
def standin() -> Iterator[Standin]:
    """One instance that is there already, so that what happens to the other must not touch it."""
    host = SystemdHost(nginx=True)
    try:
        host.boot()
        made = Standin(host, "4.7.2", releases=("4.7.2",), gateway=GATEWAY).add()
        text = definition(site=True)
        assert _LAST in text
        head, merged, rest = text.partition(_MERGED)
        line, _end, rest = rest.partition("\n")
        text = f"{head}{merged}{line}\n{_GATEWAY}{rest}".replace(
            _LAST, _LAST.replace("\n\nafter:", f"\n{_SITE}\nafter:")
        )
        host.write("/var/lib/smena/products/comindware-standin.yaml", text)
        yield made
    finally:
        host.close()


def create(standin: Standin, *, status: int = 0, fault: str = "", more: tuple[str, ...] = ()) -> Any:
    words = ("instance", "create", NEW, "--product", PRODUCT, "--version", "4.7.2", "--yes")
    settings = ("--set", f"port={PORT}", "--set", f"gateway-port={GATEWAY + 1}")
    return standin.smena(*words, *settings, *more, good=(status,), env={"SMENA_FAULT": fault})


def answers(standin: Standin, port: int = PORT) -> str | None:
    with standin.host.network():
        health = client.answers(f"http://127.0.0.1:{port}")
    return health.version if health else None


def known(standin: Standin) -> set[str]:
    """What systemd has of the new one's units."""
    words = ["systemctl", "list-unit-files", "--no-legend", "--plain", *UNITS]
    return {line.split()[0] for line in standin.host.run(words).stdout.splitlines()}


def others(standin: Standin) -> list[str]:
    """Everything that is not the new one's, nor a folder that a restore point keeps."""
    return [line for line in standin.trees() if NEW not in line]


def test_it_comes_to_be_with_units_and_site_and_goes_with_them(standin: Standin) -> None:
    before = others(standin)
    assert create(standin)["state"] == "final"
    assert answers(standin) == "4.7.2", "users come in by nginx"
    assert {standin.host.unit(unit, "ActiveState", "UnitFileState")["UnitFileState"] for unit in UNITS} == {"enabled"}
    (shown,) = [one for one in standin.smena("instance", "list")["instances"] if one["name"] == NEW]
    assert (shown["state"], shown["troubles"]) == ("running", [])
    assert not [one for one in standin.smena("doctor")["findings"] if one["state"] == "wrong"]

    standin.host.write(f"{SYSTEM}/{UNITS[0]}.d/mine.conf", "[Service]\nNice=5\n")
    standin.host.do("systemctl", "daemon-reload")
    assert standin.smena("instance", "remove", NEW, "--yes")["state"] == "final"
    assert answers(standin) is None
    assert known(standin) == set()
    left = [line for line in standin.trees() if NEW in line and "/var/lib/comindware" not in line]
    assert left == [], "only its data is left"
    assert others(standin) == before
    assert answers(standin, standin.port) == "4.7.2", "the other one was not touched"


@pytest.mark.parametrize("point", ["services.written@2=error", "nginx.laid=error", "hold.released=error"])
def test_one_that_fails_leaves_nothing(standin: Standin, point: str) -> None:
    standin.host.run(["rm", "-rf", f"/var/lib/comindware/{NEW}"])
    before = standin.trees()
    assert create(standin, status=1, fault=point)["state"] == "undone"
    assert standin.trees() == before
    assert known(standin) == set()
    assert answers(standin, standin.port) == "4.7.2"


def test_a_removal_that_fails_gives_everything_back(standin: Standin) -> None:
    standin.host.run(["rm", "-rf", f"/var/lib/comindware/{NEW}"])
    create(standin)
    standin.host.write(f"{SYSTEM}/{UNITS[0]}.d/mine.conf", "[Service]\nNice=5\n")
    standin.host.do("systemctl", "daemon-reload")
    before = standin.trees()
    done = standin.smena("instance", "remove", NEW, "--yes", good=(1,), env={"SMENA_FAULT": "forget.removed=error"})
    assert done["state"] == "undone"
    assert standin.trees() == before
    assert answers(standin) == "4.7.2"
    assert standin.host.unit(UNITS[0], "Nice", "NeedDaemonReload") == {"Nice": "5", "NeedDaemonReload": "no"}
    assert standin.smena("instance", "remove", NEW, "--with-data", "--yes")["state"] == "final"
    assert known(standin) == set()


def test_a_host_that_dies_while_one_comes_to_be_and_goes(standin: Standin) -> None:
    """It is booted again and nobody does anything: the new one is whole or not there at all."""
    host = standin.host
    host.run(["rm", "-rf", f"/var/lib/comindware/{NEW}"])
    before = others(standin)
    assert crashed(standin, create(standin, fault="services.written@2=halt", more=("--detach",))["run"]) == "final"
    assert answers(standin) == "4.7.2"
    assert known(standin) == set(UNITS)

    gone = standin.smena(
        *("instance", "remove", NEW, "--with-data", "--yes", "--detach"),
        env={"SMENA_FAULT": "nginx.taken-away@1=halt"},
    )
    assert crashed(standin, gone["run"]) == "final"
    assert known(standin) == set()
    assert others(standin) == before
    assert not [line for line in standin.trees() if NEW in line and not line.startswith(("/var/lib/", "/var/log/"))]
    assert answers(standin, standin.port) == "4.7.2", "the other one was not touched"


def crashed(standin: Standin, run: str) -> str:
    """What the run comes to by itself when its host dies where it halts."""
    assert standin.halted(run)
    standin.host.kill()
    standin.host.boot()
    state = standin.settled(run, "final", "undone")
    standin.wait()
    return state


@pytest.mark.parametrize("path", [SITE, f"{SYSTEM}/{UNITS[1]}"])
def test_what_is_somebody_elses_is_left(standin: Standin, path: str) -> None:
    standin.host.run(["rm", "-rf", f"/var/lib/comindware/{NEW}"])
    standin.host.write(path, "# mine\n")
    before = standin.trees()
    refused = create(standin, status=3)["error"]
    assert (refused["code"], path in str(refused["why"])) == ("instance-exists", True)
    assert standin.trees() == before
    standin.host.do("rm", path)
