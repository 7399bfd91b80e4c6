"""A running instance as its users see it, in every version."""

from __future__ import annotations

import http.client
import json
import socket
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from demo.conftest import MakeHost
from smena.demo.standin import client, install
from smena.demo.standin.releases import RELEASES
from smena.errors import SiteFailed
from support.standin_host import StandinHost

VERSIONS = [release.version for release in RELEASES]
CALM = 0.8  # seconds that are plenty on a machine that has nothing else to do


def ask(
    host: StandinHost, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=30)
    try:
        connection.request(method, target, body or None, headers or {})
        response = connection.getresponse()
        return response.status, response.read(), response.headers["Content-Type"]
    finally:
        connection.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_serves_and_keeps_over_a_restart(version: str, make_host: MakeHost) -> None:
    host = make_host(version)
    health = host.up()
    assert (health.version, health.settings_of, health.instance) == (version, version, "main")
    assert all(service["up"] for service in health.services.values())
    assert len(health.services) == 3
    put = client.fill(host.url, 300, 2)
    assert client.all_data(host.url) == put
    assert host.stop() == {"comindware": 0, "apigateway": 0, "adapterhost": 0}
    host.up()
    assert client.all_data(host.url) == put


def test_the_login_page_names_product_and_version(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.up()
    status, page, kind = ask(host, "GET", "/")
    assert (status, kind) == (200, "text/html; charset=utf-8")
    text = page.decode()
    assert "<title>Comindware Platform (stand-in) 5.0.13334.0</title>" in text
    assert "{" not in text


@pytest.mark.parametrize("target", ["/robots.txt", "/favicon.ico", "/mobile/", "/unauthorized/"])
def test_static_pages(target: str, make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.start("apigateway")
    host.wait_for_log("is up", "apigateway_*.log")
    status, body, _ = ask(host, "GET", target)
    assert status == 200
    head_status, nothing, _ = ask(host, "HEAD", target)
    assert (head_status, nothing) == (200, b"")
    assert body


def test_health_says_which_service_is_down(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    host.up()
    for service in ("adapterhost", "comindware"):
        host.kill(service)
        health = client.answers(host.url)
        assert health is not None
        assert health.status == "down"
        assert not health.services[service]["up"]
        assert ask(host, "GET", "/health")[0] == ask(host, "GET", "/")[0] == 503
        host.start(service)
        client.wait(host.url)
    host.kill("apigateway")
    assert client.answers(host.url) is None


def test_a_record_comes_back_byte_for_byte(make_host: MakeHost) -> None:
    host = make_host("3.5.1100")
    host.up()
    text = '{\r\n  "имя" : "Заявка №1;|\\t",\n "n": 1.50 }\n'
    status, body, _ = ask(host, "POST", "/records", text.encode())
    assert (status, json.loads(body)) == (201, {"id": 1})
    assert ask(host, "GET", "/records/1")[1] == text.encode()
    assert client.all_data(host.url).records == {1: text}


@pytest.mark.parametrize(
    ("method", "target", "body", "kind", "status"),
    [
        ("POST", "/records", b"{", "", 400),
        ("POST", "/records", b"", "", 400),
        ("POST", "/records", b"NaN", "", 400),
        ("POST", "/records", b'"\xff"', "", 400),
        ("POST", "/records", b"1\n2\n{\n", "application/x-ndjson", 400),
        ("GET", "/records/1", b"", "", 404),
        ("GET", "/records/x", b"", "", 404),
        ("GET", "/files/1", b"", "", 404),
        ("POST", "/files/%FF", b"x", "", 400),
        ("DELETE", "/records/1", b"", "", 404),
        ("POST", "/health", b"", "", 405),
        ("GET", "/nothing", b"", "", 404),
    ],
)
def test_what_is_wrong_is_refused_and_stores_nothing(
    method: str, target: str, body: bytes, kind: str, status: int, make_host: MakeHost
) -> None:
    host = make_host("5.0")
    host.up()
    answered, problem, _ = ask(host, method, target, body, {"Content-Type": kind} if kind else {})
    assert answered == status
    assert json.loads(problem)["error"]
    assert client.all_data(host.url) == client.Data({}, {})


def test_uploads_of_all_sizes_and_names(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    host.up()
    sizes = {"пусто.txt": 0, "a/b c%20?.bin": 1, "много": 5_000_000}
    put = dict(client.upload(host.url, name, bytes(size)) for name, size in sizes.items())
    assert client.all_data(host.url).files == put
    assert {name: size for name, size, _ in put.values()} == sizes


def test_too_large_a_request_is_refused_as_configured(make_host: MakeHost) -> None:
    host = make_host("4.2")
    file = host.at.config / "apigateway.yml"
    file.write_text(
        file.read_text("utf-8").replace("maxRequestBodySize: 262144000", "maxRequestBodySize: 1000"), "utf-8"
    )
    host.up()
    client.upload(host.url, "fits", bytes(1000))
    with pytest.raises(SiteFailed) as failure:
        client.upload(host.url, "does not", bytes(300_000))
    assert "1000" in str(failure.value.why[0])
    assert len(client.all_data(host.url).files) == 1


def test_an_upload_that_breaks_off_leaves_nothing(make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.up()
    with socket.create_connection(("127.0.0.1", host.port)) as connection:
        connection.sendall(b"POST /files/x HTTP/1.1\r\nContent-Length: 1000\r\n\r\nhalf of it")
    end = time.monotonic() + 10
    while files := [path for path in host.at.streams.rglob("*") if path.is_file()]:
        assert time.monotonic() < end, files
        time.sleep(0.01)
    assert client.all_data(host.url) == client.Data({}, {})


def test_a_client_that_asks_first_is_told_to_go_on(make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.up()
    with socket.create_connection(("127.0.0.1", host.port), timeout=10) as connection:
        connection.sendall(b"POST /records HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"42")
        assert connection.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_many_at_once(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.up()
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda number: client.add(host.url, number), range(200)))
    assert sorted(ids) == list(range(1, 201))
    assert sorted(client.all_data(host.url).records.values(), key=int) == [str(number) for number in range(200)]


@pytest.mark.parametrize("version", ["3.5", "4.2", "4.7.3", "5.0"])
def test_what_was_answered_survives_a_kill(version: str, make_host: MakeHost) -> None:
    host = make_host(version)
    host.up()
    answered: dict[int, str] = {}

    def write(start: int) -> None:
        for number in range(start, start + 10_000):
            try:
                answered[client.add(host.url, number)] = str(number)
            except SiteFailed:
                return

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, start) for start in (0, 20_000, 40_000)]
        while len(answered) < 290:  # past the first full file
            time.sleep(0.01)
        host.kill()
        for writer in writers:
            writer.result()
    host.up()
    assert client.Data(answered, {}).within(client.all_data(host.url))


def test_two_instances_share_a_version_and_nothing_else(make_host: MakeHost) -> None:
    one, two = make_host("4.2", "one"), make_host("4.2", "two")
    one.up()
    two.up()
    put = client.fill(one.url, 5, 1)
    assert client.all_data(two.url) == client.Data({}, {})
    two.kill()
    assert client.all_data(one.url) == put


def test_a_port_left_by_a_crash_leads_into_no_other_instance(make_host: MakeHost) -> None:
    one, two = make_host("4.2", "one"), make_host("4.2", "two")
    one.up()
    two.up()
    client.fill(two.url, 5, 1)
    one.kill("comindware")
    left, other = (host.at.data / "LocalTemp/comindware.port" for host in (one, two))
    port = other.read_text("ascii").split()[0]
    left.write_text(f"{port} {left.read_text('ascii').split()[1]}\n", "ascii")
    assert ask(one, "GET", "/records")[0] == 421
    assert not client.wait(one.url, "down").services["comindware"]["up"]


def test_it_starts_and_stops_quickly(make_host: MakeHost) -> None:
    """Downtime is measured with it. The best of five counts: the machine may have other things to do."""
    host = make_host("5.0")
    host.up()
    client.fill(host.url, 1000, 0)
    starts, stops = [], []
    for _ in range(5):
        began = time.monotonic()
        host.stop()
        stops.append(time.monotonic() - began)
        began = time.monotonic()
        host.up()
        starts.append(time.monotonic() - began)
    assert min(stops) < 0.1
    assert min(starts) < CALM


def test_a_stop_lets_the_answer_on_its_way_out(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.up()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(lambda: [client.add(host.url, number) for number in range(30)])
        ids = writer.result()
    host.stop()
    host.up()
    assert sorted(client.all_data(host.url).records) == ids


def test_no_start_leaves_a_trace_in_the_versions_folder(make_host: MakeHost) -> None:
    """The folder is shared and hashed: it must not change by use."""
    host = make_host("4.7.2")
    before = sorted(host.at.versions.rglob("*"))
    host.up()
    host.stop()
    assert sorted(host.at.versions.rglob("*")) == before


def test_a_start_without_news_leaves_the_database_alone(make_host: MakeHost) -> None:
    host = make_host("5.0")
    host.up()
    client.fill(host.url, 300, 1)
    host.stop()
    files = [path for path in host.at.database.rglob("*") if path.is_file()]
    before = {path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in files}
    host.up()
    host.stop()
    after = [path for path in host.at.database.rglob("*") if path.is_file()]
    assert {path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes()) for path in after} == before


def test_nobody_and_somebody_else_do_not_answer(make_host: MakeHost) -> None:
    host = make_host("4.2")
    assert client.answers(host.url) is None
    with pytest.raises(SiteFailed) as failure:
        client.wait(host.url, limit=0.1)
    assert failure.value.why
    with socket.create_server(("127.0.0.1", host.port)) as other, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(client.answers, host.url)
        connection, _ = other.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 503 Maintenance\r\nContent-Length: 4\r\n\r\nsoon")
        assert answer.result() is None
    with pytest.raises(SiteFailed):
        client.all_data(host.url)


def test_bulk_has_exactly_that_weight(make_host: MakeHost) -> None:
    host = make_host("4.2")
    client.bulk(host.at.streams, 1_000_003, 1_500)
    files = [path for path in host.at.streams.rglob("*") if path.is_file()]
    assert len(files) == 1_500
    assert sum(path.stat().st_size for path in files) == 1_000_003
    host.up()
    assert client.all_data(host.url) == client.Data({}, {})


def test_the_launcher_starts_it_too(make_host: MakeHost) -> None:
    """What the units call: found through the link, the interpreter from the environment file."""
    import os
    import subprocess

    host = make_host("5.0")
    environment = {**os.environ, **install.service_environment(host.root, host.name)}
    for service in ("comindware", "apigateway", "adapterhost"):
        command = [str(host.at.config / "bin" / service), str(host.at.instance_file)]
        host.running[service] = subprocess.Popen(command, env=environment)
    client.wait(host.url)
    assert set(host.stop().values()) == {0}


def test_the_site_is_plain_http(make_host: MakeHost) -> None:
    """Any client will do, and a proxy of the environment does not matter to ours."""
    host = make_host("4.2")
    host.up()
    with pytest.raises(urllib.error.HTTPError) as problem:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{host.url}/records/77", timeout=10)
    with problem.value as answer:
        assert json.loads(answer.read())["error"] == "no record 77"
