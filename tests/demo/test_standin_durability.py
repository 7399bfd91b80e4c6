"""A record is durable when it was answered for, and a full disk takes nothing that was."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

import pytest

from demo.conftest import MakeHost
from smena.demo.standin import client, install
from smena.demo.standin.program.standin_product import database, disk
from smena.demo.standin.program.standin_product.records import Records
from smena.errors import SiteFailed
from support import disks


def opened(folder: Path, structure: str = "50") -> Records:
    folder.mkdir()
    database.create(str(folder), structure)
    return Records(str(folder), structure)


def test_a_record_is_synced_before_it_is_answered_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the call can be watched here; what a power cut leaves is for real disks to show."""
    records = opened(tmp_path / "Database")
    synced: dict[int, int] = {}

    def sync(descriptor: int) -> None:
        state = os.fstat(descriptor)
        synced[state.st_ino] = state.st_size

    monkeypatch.setattr(disk, "sync", sync)
    for _ in range(250):
        records.add([("record", "1")])
        for path in (tmp_path / "Database").rglob("0*.pack"):
            assert synced.get(path.stat().st_ino, len(b"#cmw 50\n")) == path.stat().st_size


@pytest.mark.parametrize("structure", ["35.0", "42", "50"])
def test_what_could_not_be_written_was_never_there(
    structure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = opened(tmp_path / "Database", structure)
    records.add([("record", "1")])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr(disk, "sync", full)
        with pytest.raises(OSError, match="full"):
            records.add([("record", "2"), ("record", "3")])
    assert records.add([("record", "4")]) == [2]
    assert [text for _, _, text in Records(str(tmp_path / "Database"), structure).all] == ["1", "4"]


def fill_up(path: Path) -> None:
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(bytes(4096)):
            pass


@pytest.mark.root
def test_a_full_disk_refuses_and_keeps(make_host: MakeHost, tmp_path: Path) -> None:
    host = make_host("5.0")
    with disks.tmpfs(tmp_path / "small", "1m") as small:
        text = host.at.instance_file.read_text("utf-8")
        for name in ("Database", "Streams"):
            (small / name).mkdir()
            text = text.replace(str(host.at.data / name), str(small / name))
        host.at.instance_file.write_text(text, "utf-8")
        host.up()
        put = client.fill(host.url, 20, 2)
        with pytest.raises(SiteFailed) as failure:
            client.upload(host.url, "too large", bytes(2_000_000))
        assert "No space left" in str(failure.value.why[0])
        fill_up(small / "filler")
        refused = 0
        more: dict[int, str] = {}
        for number in range(500):
            try:
                more[client.add(host.url, number)] = str(number)
            except SiteFailed:
                refused += 1
        assert refused
        (small / "filler").unlink()
        more[client.add(host.url, 7)] = "7"
        whole = client.Data(put.records | more, put.files)
        assert client.all_data(host.url) == whole
        host.kill()
        host.up()
        assert client.all_data(host.url) == whole
        host.kill()


def test_own_paths_are_used(make_host: MakeHost, tmp_path: Path) -> None:
    host = make_host("4.2")
    own = tmp_path / "elsewhere/base"
    host.at.instance_file.unlink()
    for path in host.at.config.iterdir():
        path.unlink()
    host.at.config.rmdir()
    install.create(tmp_path, host.name, "4.2", host.port, settings={"db.workDir": str(own)})
    host.up()
    client.fill(host.url, 3, 0)
    assert (own / "format").exists()
    assert not list(host.at.database.iterdir())
