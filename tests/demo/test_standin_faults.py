"""Each failure on demand, as an upgrade would meet it."""

from __future__ import annotations

import json
import socket
import time

import pytest

from demo.conftest import MakeHost
from smena.demo.standin import client
from smena.demo.standin.program.standin_product.faults import NAMES
from smena.errors import SiteFailed
from support.standin_host import StandinHost


def upgraded(make_host: MakeHost, old: str = "4.2", new: str = "4.7.2", **faults: object) -> StandinHost:
    """An instance with data, switched to the next version and not started yet."""
    host = make_host(old)
    host.up()
    client.fill(host.url, 600, 1)
    host.stop()
    host.switch(new)
    host.faults(**faults)
    return host


def test_conversion_error(make_host: MakeHost) -> None:
    host = upgraded(make_host, conversion_error=True)
    host.start()
    assert host.ends() == 1
    assert "ERROR Upgrade of ontology failed" in host.log("UpgradeOntology*.log")
    assert "ERROR" in host.log("upgrade20*.log")
    assert "completed" not in host.log("upgrade20*.log")
    assert {path.read_bytes().split(b"\n")[0] for path in host.record_files()} == {b"#cmw 42", b"#cmw 47.2"}
    client.wait(host.url, "down")
    (host.at.config / "standin-faults.json").unlink()
    host.start("comindware")
    assert host.ends() == 1
    assert "half converted" in host.log()


def test_conversion_error_in_the_old_log(make_host: MakeHost) -> None:
    host = upgraded(make_host, "3.5.1100", "4.2", conversion_error=True)
    host.start("comindware")
    assert host.ends() == 1
    assert "ERROR" in host.log("upgrade.log")
    assert "ошиб" in host.log("upgrade.log")


def test_no_completion(make_host: MakeHost) -> None:
    host = upgraded(make_host, no_completion=True)
    host.up()
    assert len(client.all_data(host.url).records) == 600
    for pattern in ("UpgradeOntology*.log", "upgrade20*.log"):
        assert "started" in host.log(pattern)
        assert "completed" not in host.log(pattern)


def test_slow_conversion(make_host: MakeHost) -> None:
    host = upgraded(make_host, slow_conversion=2)
    began = time.monotonic()
    host.start()
    client.wait(host.url, "converting")
    client.wait(host.url)
    assert time.monotonic() - began > 2


@pytest.mark.parametrize("service", ["comindware", "apigateway", "adapterhost"])
def test_no_start(service: str, make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(no_start={service: True})
    host.start()
    assert host.ends(service) == 1
    assert "ERROR it does not start" in host.log(f"{service}_*.log")
    if service == "apigateway":
        assert client.answers(host.url) is None
    else:
        assert not client.wait(host.url, "down").services[service]["up"]


def test_port_taken(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(port_taken=True)
    host.start()
    assert host.ends("apigateway") == 1
    assert f"cannot listen on 127.0.0.1:{host.port}: Address already in use" in host.log("apigateway_*.log")


def test_port_really_taken(make_host: MakeHost) -> None:
    host = make_host("5.0")
    with socket.create_server(("127.0.0.1", host.port)):
        host.start("apigateway")
        assert host.ends("apigateway") == 1
    assert "Address already in use" in host.log("apigateway_*.log")


def test_slow_start(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(slow_start=1.5)
    began = time.monotonic()
    host.start()
    client.wait(host.url, "starting")
    with pytest.raises(SiteFailed):
        client.all_data(host.url)
    client.wait(host.url)
    assert time.monotonic() - began > 1.5


def test_error_after(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(error_after=1)
    host.up()
    client.add(host.url, 1)
    health = client.wait(host.url, "failed")
    assert "stopped working" in health.why
    assert "ERROR it stopped working" in host.log()
    with pytest.raises(SiteFailed):
        client.all_data(host.url)
    assert host.stop()["comindware"] == 0


def test_ignore_sigterm(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(ignore_sigterm=True)
    host.up()
    host.running["comindware"].terminate()
    with pytest.raises(TimeoutError):
        until_ended(host, 1.0)
    assert client.wait(host.url).status == "ok"
    host.kill("comindware")


def until_ended(host: StandinHost, limit: float) -> None:
    end = time.monotonic() + limit
    while host.running["comindware"].poll() is None:
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.01)


def test_wrong_version(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.faults(wrong_version="4.7.2")
    assert host.up().version == "4.7.2"


def test_only_for_the_version_named(make_host: MakeHost) -> None:
    """Well before the upgrade, ill after it, with one and the same file."""
    host = make_host("4.2")
    host.faults(version="4.7", no_start=True)
    host.up()
    host.stop()
    host.switch("4.7.2")
    host.start("comindware")
    assert host.ends() == 1


def test_from_the_environment_file(make_host: MakeHost) -> None:
    host = make_host("4.2")
    with host.at.environment_file.open("a", encoding="utf-8") as file:
        file.write("STANDIN_FAULTS='" + json.dumps([{"version": "4.2", "no-start": {"adapterhost": True}}]) + "'\n")
    host.start()
    assert host.ends("adapterhost") == 1


@pytest.mark.parametrize(
    "content", ['{"no-strat": true}', '"no-start"', "{", '{"slow-start": "long"}', '{"slow-start": true}']
)
def test_a_misspelt_wish_is_refused(content: str, make_host: MakeHost) -> None:
    host = make_host("5.0")
    (host.at.config / "standin-faults.json").write_text(content, "utf-8")
    host.start("comindware")
    assert host.ends() == 1
    assert "standin-faults.json" in host.log()


def test_every_fault_has_a_test() -> None:
    tests = [name for name in globals() if name.startswith("test_")]
    assert all(any(fault.replace("-", "_") in name for name in tests) for fault in NAMES)
