"""Structure conversions: along the whole chain by hand, their logs, and everything that must be refused."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from demo.conftest import MakeHost
from smena.demo.standin import client
from smena.demo.standin.program.standin_product.caches import CACHES
from smena.demo.standin.program.standin_product.formats import FORMATS
from smena.demo.standin.releases import RELEASES, release
from support.standin_host import StandinHost

CHAIN = ("3.5", "3.5.1058", "3.5.1076", "3.5.1100", "4.2", "4.7.2", "5.0.13334.0")
ONTOLOGY, UPGRADE, OLD = "UpgradeOntology*.log", "upgrade20*.log", "upgrade.log"


def last_line(text: str) -> str:
    return text.rstrip("\n").rpartition("\n")[2]


def hop(host: StandinHost, version: str) -> None:
    """One hop as the manual has it, with the caches deleted by hand where they must be."""
    host.stop()
    host.switch(version)
    if release(version).stale_caches_refused:
        host.up("failed")
        host.stop()
        assert host.delete_caches() == sorted(CACHES)
    assert host.up().version == version


def test_the_whole_chain_keeps_every_byte(make_host: MakeHost) -> None:
    host = make_host("3.5")
    host.up()
    expected = client.fill(host.url, 600, 3)
    for version in CHAIN[1:]:
        hop(host, version)
        assert client.all_data(host.url) == expected
        fresh = client.fill(host.url, 3, 1)
        expected = client.Data(expected.records | fresh.records, expected.files | fresh.files)
        structure = release(version).structure
        assert all(path.read_bytes().startswith(FORMATS[structure].header) for path in host.record_files())
    host.stop()
    host.up()
    assert client.all_data(host.url) == expected


def converted(make_host: MakeHost, old: str, new: str) -> StandinHost:
    """An instance with data, brought from one version to the next, and left running."""
    host = make_host(old)
    host.up()
    client.fill(host.url, 300, 1)
    host.stop()
    host.switch(new)
    host.up("failed" if release(new).stale_caches_refused else "ok")
    return host


@pytest.mark.parametrize(
    ("old", "new"), [("4.2", "4.7.2"), ("4.2", "4.7.3"), ("4.7.2", "4.7.3"), ("4.7.2", "5.0"), ("4.7.3", "5.0")]
)
def test_the_new_versions_say_so_in_two_logs(old: str, new: str, make_host: MakeHost) -> None:
    host = converted(make_host, old, new)
    ontology, upgrade = host.log(ONTOLOGY), host.log(UPGRADE)
    assert last_line(ontology).endswith("Upgrade of ontology completed successfully")
    assert last_line(upgrade).endswith("Upgrade completed")
    assert "error" not in (ontology + upgrade).lower()
    assert "upgrade 100 %" in host.log("heartbeat_*.log")
    assert not (host.at.logs / OLD).exists()


@pytest.mark.parametrize(("old", "new"), [("3.5", "3.5.1058"), ("3.5.1100", "4.2")])
def test_the_old_versions_say_so_in_one(old: str, new: str, make_host: MakeHost) -> None:
    host = converted(make_host, old, new)
    text = host.log(OLD)
    assert "structure" in text
    assert "error" not in text.lower()
    assert "ошиб" not in text.lower()
    assert not host.log(ONTOLOGY)


def test_a_second_upgrade_writes_behind_the_first_in_the_same_file(make_host: MakeHost) -> None:
    """The last hop's marker stands in the log already when this one begins."""
    host = converted(make_host, "4.2", "4.7.2")
    host.stop()
    host.switch("4.7.3")
    host.faults(slow_conversion=3)
    before = host.log(UPGRADE)
    host.start()
    host.wait_for_log("to 47.3 started", UPGRADE)
    assert "Upgrade completed" in before
    assert not last_line(host.log(UPGRADE)).endswith("Upgrade completed")
    client.wait(host.url)
    assert host.log(UPGRADE).startswith(before)
    assert last_line(host.log(UPGRADE)).endswith("Upgrade completed")


def test_a_start_without_a_conversion_writes_no_upgrade_log(make_host: MakeHost) -> None:
    host = make_host("4.7.2")
    host.up()
    host.stop()
    host.up()
    assert not host.log(UPGRADE)
    assert not host.log(ONTOLOGY)


@pytest.mark.parametrize(
    ("data", "version"),
    [
        (data.version, other.version)
        for data in RELEASES
        for other in RELEASES
        if data != other and data.structure not in other.converts
    ],
)
def test_data_of_no_direct_predecessor_is_refused_untouched(data: str, version: str, make_host: MakeHost) -> None:
    """Too old, or newer: the old version does not start on converted data."""
    host = make_host(data)
    host.start("comindware")
    host.wait_for_log("is up")
    host.stop()
    before = tree(host.at.database)
    host.switch(version)
    host.start("comindware")
    assert host.ends() == 1
    assert f"the database has structure {release(data).structure}" in host.log()
    assert tree(host.at.database) == before


def test_an_old_reader_cannot_be_fooled_by_the_format_file(make_host: MakeHost) -> None:
    host = converted(make_host, "4.2", "4.7.2")
    host.stop()
    host.switch("4.2")
    (host.at.database / "format").write_text("structure=42\nstate=ready\n", "ascii")
    host.start("comindware")
    assert host.ends() == 1
    assert "not in structure 42" in host.log()


@pytest.mark.parametrize("how", ["kill", "terminate"])
def test_cut_short_it_is_refused_for_good(how: str, make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.up()
    put = client.fill(host.url, 600, 1)
    host.stop()
    shutil.copytree(host.at.database, host.root / "kept")
    host.switch("4.7.2")
    host.faults(slow_conversion=5)
    host.start()
    host.wait_for_log("Converted 2 of", UPGRADE)
    health = client.answers(host.url)
    assert health is not None
    assert health.status == "converting"
    host.kill() if how == "kill" else host.stop()
    headers = {path.read_bytes().split(b"\n")[0] for path in host.record_files()}
    assert headers == {b"#cmw 42", b"#cmw 47.2"}
    for version in ("4.7.2", "4.2", "4.7.3"):
        host.switch(version)
        host.start("comindware")
        assert host.ends() == 1
        assert last_line(host.log()).count("half converted (from structure 42 to 47.2)")
    shutil.rmtree(host.at.database)
    (host.root / "kept").rename(host.at.database)
    host.switch("4.2")
    host.up()
    assert client.all_data(host.url) == put


def test_killed_at_any_instant_it_is_old_new_or_refused(make_host: MakeHost) -> None:
    """Never anything that runs with other data than before."""
    host = make_host("4.2")
    host.up()
    put = client.fill(host.url, 1500, 1)
    host.stop()
    shutil.copytree(host.at.data, host.root / "kept")
    host.switch("4.7.2")
    ends: set[bool] = set()
    for place in range(6):
        shutil.rmtree(host.at.data)
        shutil.copytree(host.root / "kept", host.at.data)
        host.start("comindware")
        time.sleep(0.05 + place * 0.01)
        host.kill()
        host.start()
        end = time.monotonic() + 60
        while not (works := answers_well(host)) and host.running["comindware"].poll() is None:
            assert time.monotonic() < end
            time.sleep(0.01)
        if works:
            assert client.all_data(host.url) == put
        else:
            assert "half converted" in last_line(host.log())
        ends.add(works)
        host.kill()
    assert ends


def test_stale_caches_keep_5_0_from_coming_up(make_host: MakeHost) -> None:
    host = converted(make_host, "4.7.2", "5.0")
    for _ in range(2):  # the next start does not help
        health = client.answers(host.url)
        assert health is not None
        assert health.status == "failed"
        assert "cacheGroup-Keys" in health.why
        assert "ERROR caches of an older structure" in host.log()
        host.stop()
        host.up("failed")
    host.stop()
    left = host.at.database / "db/node1/cp"
    kept = left.read_bytes() if left.is_file() else (left / "part-0.bin").read_bytes()
    host.delete_caches()
    left.mkdir()
    (left / "part-0.bin").write_bytes(kept)
    health = host.up("failed")
    assert health.why.endswith(": cp")
    host.stop()
    host.delete_caches()
    host.up()
    assert len(client.all_data(host.url).records) == 300


def test_whoever_deletes_more_than_the_caches_loses_data(make_host: MakeHost) -> None:
    host = converted(make_host, "4.7.2", "5.0")
    host.stop()
    for path in (host.at.database / "db/node1").glob("cacheGroup-*"):
        shutil.rmtree(path)
    host.start("comindware")
    assert host.ends() == 1
    assert "this is data, not a cache" in host.log()


def test_a_record_half_written_is_cut_off_before_a_conversion_too(make_host: MakeHost) -> None:
    host = make_host("4.2")
    host.up()
    put = client.fill(host.url, 10, 0)
    host.kill()
    (file,) = (host.at.database / "wal").iterdir()
    with file.open("ab") as torn:
        torn.write(b'{"id": 11, "kind": "rec')
    host.switch("4.7.2")
    host.up()
    assert client.all_data(host.url) == put
    assert client.add(host.url, 1) == 11


def test_a_seal_cut_short_is_mended_by_the_next_start(make_host: MakeHost) -> None:
    """Between making the next file in `wal` and moving the full one away."""
    host = make_host("4.2")
    host.up()
    put = client.fill(host.url, 120, 0)
    host.kill()
    (sealed,) = (host.at.database / "snapshots").iterdir()
    sealed.rename(host.at.database / "wal" / sealed.name)
    host.up()
    assert client.all_data(host.url) == put
    assert sealed.exists()


def answers_well(host: StandinHost) -> bool:
    health = client.answers(host.url)
    return health is not None and health.status == "ok"


def tree(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
