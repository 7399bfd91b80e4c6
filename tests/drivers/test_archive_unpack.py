"""Unpacking: every kind of archive, whole or not at all, and what is there already is compared, never overwritten."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from smena.drivers import archive
from smena.errors import BadArchive, DiskFull, TargetDiffers
from smena.host import files
from support.death import die, points
from support.disks import need_root, tmpfs
from support.trees import content

KINDS = ["tar", "tar.gz", "tar.xz", "tar.zst", "zip"]
FILES = {
    "bin/program": b"#!/bin/sh\necho 5.0\n",
    "data/deep/\u0444\u0430\u0439\u043b": b"\xff\x00" * 5000,
    "empty": b"",
    "Ignite.config": b"<beans/>\r\n",
}


def packed(path: Path, kind: str, members: dict[str, bytes] | None = None, top: str = "") -> Path:
    """An archive with these files, one program, one link and one empty folder."""
    contents = {f"{top}{name}": data for name, data in (FILES if members is None else members).items()}
    if kind == "zip":
        _zipped(path, contents, top)
    else:
        path.write_bytes(squeezed(_tarred(contents, top), kind))
    return path


def _zipped(path: Path, contents: dict[str, bytes], top: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, (2024, 5, 1, 12, 0, 0))
            entry.external_attr = (stat.S_IFREG | (0o755 if "bin/" in name else 0o644)) << 16
            zipped.writestr(entry, data, zipfile.ZIP_DEFLATED)
        link = zipfile.ZipInfo(f"{top}link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        zipped.writestr(link, "bin/program")
        zipped.writestr(f"{top}hollow/", "")


def _tarred(contents: dict[str, bytes], top: str) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, data in contents.items():
            header = tarfile.TarInfo(name)
            header.size, header.mtime, header.mode = len(data), 1_714_564_800, 0o755 if "bin/" in name else 0o644
            header.uid = header.gid = 12345
            tar.addfile(header, io.BytesIO(data))
        link = tarfile.TarInfo(f"{top}link")
        link.type, link.linkname = tarfile.SYMTYPE, "bin/program"
        tar.addfile(link)
        hollow = tarfile.TarInfo(f"{top}hollow")
        hollow.type, hollow.mode = tarfile.DIRTYPE, 0o755
        tar.addfile(hollow)
    return raw.getvalue()


def squeezed(raw: bytes, kind: str) -> bytes:
    compress: dict[str, Callable[[bytes], bytes]] = {
        "tar": bytes,
        "tar.gz": gzip.compress,
        "tar.xz": lzma.compress,
        "tar.zst": zstandard.ZstdCompressor(write_checksum=True).compress,
    }
    return compress[kind](raw)


def held(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_there(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "5.0"
    assert archive.unpack(packed(tmp_path / "package", kind), target) is False
    assert held(target) == FILES
    assert (target / "link").readlink() == Path("bin/program")
    assert (target / "hollow").is_dir()
    assert stat.S_IMODE((target / "bin" / "program").stat().st_mode) == 0o755
    assert stat.S_IMODE((target / "empty").stat().st_mode) == 0o644
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
    assert int((target / "Ignite.config").stat().st_mtime) == 1_714_564_800
    assert (target / "empty").stat().st_uid == os.geteuid()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["5.0", "package"]


@pytest.mark.parametrize("kind", KINDS)
def test_folders_in_front_are_taken_off(tmp_path: Path, kind: str) -> None:
    package = packed(tmp_path / "package", kind, top="./product-5.0/")
    archive.unpack(package, tmp_path / "5.0", strip=1)
    assert held(tmp_path / "5.0") == FILES
    assert archive.read_member(package, "Ignite.config", strip=1) == b"<beans/>\r\n"


@pytest.mark.parametrize("kind", KINDS)
def test_members_are_read_without_unpacking(tmp_path: Path, kind: str) -> None:
    package = packed(tmp_path / "package", kind)
    assert archive.read_members(package, ["empty", "Ignite.config", "no"]) == {
        "empty": b"",
        "Ignite.config": b"<beans/>\r\n",
    }
    assert archive.read_member(package, "link") is None
    assert [member.path for member in archive.members(package)] == [*FILES, "link", "hollow"]


def test_everything_gets_the_owner(tmp_path: Path) -> None:
    need_root()
    target = tmp_path / "5.0"
    archive.unpack(packed(tmp_path / "package", "tar.gz"), target, owner="www-data")
    assert {path.lstat().st_uid for path in (target, *target.rglob("*"))} == {33}


def test_rights_for_all_and_set_id_bits_are_not_taken_over(tmp_path: Path) -> None:
    header = tarfile.TarInfo("program")
    header.mode = 0o6777
    with tarfile.open(tmp_path / "package", "w") as tar:
        tar.addfile(header)
    archive.unpack(tmp_path / "package", tmp_path / "5.0")
    assert stat.S_IMODE((tmp_path / "5.0" / "program").stat().st_mode) == 0o755


def test_second_names_are_second_names(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "package", "w") as tar:
        first = tarfile.TarInfo("top/a/first")
        first.size = 4
        tar.addfile(first, io.BytesIO(b"data"))
        second = tarfile.TarInfo("top/second")
        second.type, second.linkname = tarfile.LNKTYPE, "top/a/first"
        tar.addfile(second)
    archive.unpack(tmp_path / "package", tmp_path / "5.0", strip=1)
    assert (tmp_path / "5.0" / "second").samefile(tmp_path / "5.0" / "a" / "first")
    assert archive.unpack(tmp_path / "package", tmp_path / "5.0", strip=1) is True


# -- what is there already ------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_is_left_alone(tmp_path: Path, kind: str) -> None:
    package = packed(tmp_path / "package", kind)
    archive.unpack(package, tmp_path / "5.0")
    (tmp_path / "5.0" / "written by the product").write_bytes(b"")
    before = content(tmp_path / "5.0")
    assert archive.unpack(package, tmp_path / "5.0") is True
    assert content(tmp_path / "5.0") == before


def other_content(target: Path) -> None:
    (target / "bin" / "program").write_bytes(b"#!/bin/sh\necho 4.7\n")


def longer(target: Path) -> None:
    (target / "empty").write_bytes(b"x")


def missing(target: Path) -> None:
    (target / "empty").unlink()


def other_link(target: Path) -> None:
    (target / "link").unlink()
    (target / "link").symlink_to("/etc/passwd")


def folder_gone(target: Path) -> None:
    (target / "hollow").rmdir()


def link_for_file(target: Path) -> None:
    (target / "Ignite.config").rename(target / "x")
    (target / "Ignite.config").symlink_to("x")


@pytest.mark.parametrize("kind", ["tar.zst", "zip"])
@pytest.mark.parametrize("change", [other_content, longer, missing, other_link, folder_gone, link_for_file])
def test_anything_else_is_refused_and_left_alone(tmp_path: Path, kind: str, change: Callable[[Path], None]) -> None:
    package = packed(tmp_path / "package", kind)
    archive.unpack(package, tmp_path / "5.0")
    change(tmp_path / "5.0")
    before = content(tmp_path / "5.0")
    with pytest.raises(TargetDiffers, match="is there already") as caught:
        archive.unpack(package, tmp_path / "5.0")
    assert len(caught.value.why) == 1
    assert content(tmp_path / "5.0") == before


# -- damage ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_an_archive_cut_anywhere_is_refused(tmp_path: Path, kind: str) -> None:
    members = {f"f{number}": os.urandom(700) for number in range(6)}
    whole = packed(tmp_path / "package", kind, members).read_bytes()
    last = _last_needed(whole, kind)
    for length in sorted({*range(0, last, max(1, last // 60)), *range(0, last, 512), last - 1}):
        (tmp_path / "cut").write_bytes(whole[:length])
        with pytest.raises(BadArchive, match="damaged or cut off"):
            archive.unpack(tmp_path / "cut", tmp_path / "5.0")
        assert sorted(entry.name for entry in tmp_path.iterdir()) == ["cut", "package"], length


def _last_needed(whole: bytes, kind: str) -> int:
    """A plain tar is padded with zeros after its end, which nobody misses."""
    return len(whole.rstrip(b"\0")) // 512 * 512 + 512 if kind == "tar" else len(whole)


@pytest.mark.parametrize("kind", ["tar.gz", "tar.xz", "tar.zst", "zip"])
def test_a_flipped_bit_never_passes_for_content(tmp_path: Path, kind: str) -> None:
    members = {f"f{number}": os.urandom(700) for number in range(4)}
    whole = packed(tmp_path / "package", kind, members).read_bytes()
    passed = 0
    for position in range(0, len(whole), max(1, len(whole) // 150)):
        spoilt = bytearray(whole)
        spoilt[position] ^= 0x10
        (tmp_path / "spoilt").write_bytes(spoilt)
        target = tmp_path / "out" / str(position)
        target.parent.mkdir(exist_ok=True)
        try:
            archive.unpack(tmp_path / "spoilt", target)
        except BadArchive:
            assert not target.exists()
            continue
        passed += 1  # what no check sum covers: names' dates, comments, a gzip's own name
        assert sorted(held(target).values()) == sorted(members.values()), position
    assert passed < 40


def test_a_spoilt_header_in_the_middle_is_not_the_end(tmp_path: Path) -> None:
    """tarfile would silently stop there, and half a version would be installed."""
    whole = bytearray(packed(tmp_path / "package", "tar").read_bytes())
    whole[1024 + 10] ^= 0xFF  # in the second member's name
    (tmp_path / "package").write_bytes(whole)
    with pytest.raises(BadArchive, match="damaged"):
        archive.unpack(tmp_path / "package", tmp_path / "5.0")


@pytest.mark.parametrize(
    "data", [b"", b"x", b"no archive at all " * 100, bytes(10240), os.urandom(3000), b"PK\x03\x04", b"\x1f\x8b"]
)
def test_what_is_no_archive_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "package").write_bytes(data)
    if data == bytes(10240):  # tar's own form of nothing
        assert list(archive.members(tmp_path / "package")) == []
        return
    with pytest.raises(BadArchive, match="damaged"):
        archive.unpack(tmp_path / "package", tmp_path / "5.0")


def test_a_missing_archive_is_said(tmp_path: Path) -> None:
    from smena.errors import FileFailed

    with pytest.raises(FileFailed, match="cannot read"):
        archive.unpack(tmp_path / "no", tmp_path / "5.0")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.root
def test_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    package = packed(tmp_path / "package", "tar.zst", {"big": os.urandom(600_000)})
    with tmpfs(tmp_path / "disk", "200k") as disk:
        with pytest.raises(DiskFull, match="cannot unpack"):
            archive.unpack(package, disk / "5.0")
        assert list(disk.iterdir()) == []


def test_every_death_leaves_the_target_whole_or_missing(tmp_path: Path) -> None:
    package = packed(tmp_path / "package", "tar.zst")

    def code(target: Path) -> str:
        return f"""
            from pathlib import Path
            from smena.drivers import archive
            archive.unpack(Path({str(package)!r}), Path({str(target)!r}))
        """

    for number, point in enumerate(points(code(tmp_path / "learn"), tmp_path / "log")):
        target = tmp_path / str(number) / "5.0"
        target.parent.mkdir()
        die(code(target), point)
        assert not target.exists() or held(target) == FILES
        archive.unpack(package, target)
        assert held(target) == FILES
        assert not files.temporary(target).exists()
        assert [entry.name for entry in target.parent.iterdir()] == ["5.0"]
