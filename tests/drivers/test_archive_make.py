"""Our own archives: whole, proven by reading back, and never under their name before."""

from __future__ import annotations

import io
import os
import tarfile
import threading
from pathlib import Path

import pytest
import zstandard

from smena.drivers import archive
from smena.drivers.archive import making
from smena.errors import BadArchive, CannotCopy, PathUnfit, StillWritten
from support.death import die, points
from support.trees import content, plant


def trees(tmp_path: Path) -> dict[str, Path]:
    (tmp_path / "N").mkdir()
    plant(tmp_path / "N")
    (tmp_path / "N" / "dangling").unlink()  # it leads outside: a restore would refuse it
    (tmp_path / "N.yml").write_bytes(b"port: 80\n")
    return {"config": tmp_path / "N", "instance": tmp_path / "N.yml"}


def test_made_read_back_and_unpacked(tmp_path: Path) -> None:
    made = trees(tmp_path)
    target = tmp_path / "backup.tar.zst"
    told: list[tuple[int, int]] = []
    assert archive.make(target, made, progress=lambda *now: told.append(now)) == 11
    assert archive.read_back(target) == 11
    assert told[-1][1] == 11
    assert target.stat().st_mode & 0o777 == 0o600
    archive.unpack(target, tmp_path / "back")
    assert files_of(tmp_path / "back" / "config") == files_of(tmp_path / "N")
    assert (tmp_path / "back" / "instance").read_bytes() == b"port: 80\n"


def files_of(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file() and not p.is_symlink()}


def test_what_is_left_out_is_not_there(tmp_path: Path) -> None:
    target = tmp_path / "backup.tar.zst"
    archive.make(target, trees(tmp_path), without=["data", "*.yml"])
    assert not any("data/" in member.path for member in archive.members(target))
    assert archive.read_back(target) == 6


def test_a_name_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "backup").write_bytes(b"older")
    with pytest.raises(PathUnfit):
        archive.make(tmp_path / "backup", trees(tmp_path))
    assert (tmp_path / "backup").read_bytes() == b"older"


def test_a_device_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotCopy, match="is a device"):
        archive.make(tmp_path / "backup", {"null": Path("/dev/null")})
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_changes_meanwhile(tmp_path: Path) -> None:
    made = trees(tmp_path)
    records = tmp_path / "N" / "data" / "records"
    records.write_bytes(os.urandom(3_000_000))
    stop = threading.Event()

    def write_on() -> None:
        with records.open("ab", buffering=0) as file:
            while not stop.is_set():
                file.write(b"x")

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        with pytest.raises(StillWritten, match="records changed"):
            archive.make(tmp_path / "backup", made)
    finally:
        stop.set()
        writer.join()
    assert not (tmp_path / "backup").exists()


def rewritten(path: Path, change: str) -> None:
    """The same archive with one thing changed, and every check sum of tar and zstandard right."""
    raw = zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
    members = []
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        for header in tar:
            file = tar.extractfile(header) if header.isreg() else None
            members.append((header, file.read() if file else b""))
    if change == "a member is missing":
        members = [member for member in members if member[0].name != "instance"]
    elif change == "the proof is missing":
        members = [member for member in members if member[0].name != ".smena-proof"]
    elif change == "another content":
        members = [(header, b"port: 81\n" if header.name == "instance" else data) for header, data in members]
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for header, data in members:
            tar.addfile(header, io.BytesIO(data))
        if change == "something behind":
            tar.addfile(tarfile.TarInfo("more"))
    path.write_bytes(zstandard.ZstdCompressor(write_checksum=True).compress(out.getvalue()))


@pytest.mark.parametrize(
    "change", ["a member is missing", "the proof is missing", "another content", "something behind"]
)
def test_reading_back_finds_what_was_not_put_in(tmp_path: Path, change: str) -> None:
    target = tmp_path / "backup.tar.zst"
    archive.make(target, trees(tmp_path))
    rewritten(target, change)
    with pytest.raises(BadArchive, match="does not hold what was put into it") as caught:
        archive.read_back(target)
    named = {"the proof is missing": ".smena-proof", "something behind": "more"}.get(change, "instance")
    assert named in str(caught.value.why[0])


def test_a_cut_archive_is_not_read_back(tmp_path: Path) -> None:
    target = tmp_path / "backup.tar.zst"
    archive.make(target, trees(tmp_path))
    whole = target.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 10, 0):
        target.write_bytes(whole[:length])
        with pytest.raises(BadArchive, match="damaged"):
            archive.read_back(target)


def test_every_death_leaves_a_whole_archive_or_none(tmp_path: Path) -> None:
    made = trees(tmp_path)
    before = content(tmp_path / "N")

    def code(target: Path) -> str:
        return f"""
            from pathlib import Path
            from smena.drivers import archive
            archive.make(Path({str(target)!r}), {{"config": Path({str(made["config"])!r})}})
        """

    for number, point in enumerate(points(code(tmp_path / "learn"), tmp_path / "log")):
        target = tmp_path / f"{number}.tar.zst"
        die(code(target), point)
        if target.exists():
            archive.read_back(target)
        else:
            archive.make(target, made)
            archive.read_back(target)
    assert content(tmp_path / "N") == before


def test_a_file_that_becomes_shorter_while_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"long")

    class Shortened(io.BytesIO):
        def fileno(self) -> int:
            return file.fileno()

    out = io.BytesIO()
    with (
        (tmp_path / "file").open("rb") as file,
        tarfile.open(fileobj=out, mode="w|") as tar,
        pytest.raises(StillWritten),
    ):
        making._add_file(tar, tarfile.TarInfo("file"), Shortened(b"lo"), "file")
