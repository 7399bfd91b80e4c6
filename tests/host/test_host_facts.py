"""Facts: what is so on this host, compared with what the test itself made so."""

from __future__ import annotations

import mmap
import os
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from smena.host.facts import disk, holders, init, mounts, ports, software, system
from smena.host.facts.fact import Fact
from smena.host.native import mounts as native_mounts
from support.disks import bind, tmpfs


def test_room_is_that_of_the_place_where_it_will_be(tmp_path: Path) -> None:
    fact = disk.room(tmp_path / "not" / "yet")
    assert not fact.stable
    assert fact.at.startswith("20")
    assert fact.value.total == os.statvfs(tmp_path).f_blocks * os.statvfs(tmp_path).f_frsize
    assert 0 < fact.value.free <= fact.value.total


@pytest.mark.root
def test_room_on_a_small_disk(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "small disk", "1m") as point:
        room = disk.room(point / "x").value
        assert (room.mount, room.total, room.free) == (str(point), 1024 * 1024, 1024 * 1024)
        (point / "file").write_bytes(bytes(512 * 1024))
        assert disk.room(point).value.free == 512 * 1024


@pytest.mark.root
def test_mounts_with_odd_names_are_found(tmp_path: Path) -> None:
    with tmpfs(tmp_path / "a b\\c\td", "1m") as point:
        found = mounts.mount_of(point / "x").value
        assert found == mounts.Mount(str(point), "tmpfs", "tmpfs", False)
        assert found in mounts.all_mounts().value
        (point / "folder").mkdir()
        with bind(point / "folder", tmp_path / "seen twice") as second:
            assert mounts.mount_of(second).value.point == str(second)
            assert native_mounts.is_point(str(second))
            assert not native_mounts.is_point(str(tmp_path))


MOUNTINFO = """\
22 27 0:21 / / rw,relatime - ext4 /dev/vda rw,discard
23 22 0:22 / /data rw,relatime shared:1 - xfs /dev/vdb ro,attr2
24 22 0:23 / /mnt/with\\040blank\\011tab\\134slash ro,nosuid - nfs4 server:/export/a\\040b rw
25 22 0:24 / /data rw,relatime master:2 propagate_from:3 - tmpfs none rw
26 22 0:25 / /srv/Данные rw - ext4 /dev/vdc rw
"""


def test_the_table_of_mounts_is_read_right(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(MOUNTINFO, encoding="utf-8")
    assert [tuple(mount) for mount in native_mounts.read(tmp_path / "mountinfo")] == [
        ("/", "ext4", "/dev/vda", False),
        ("/data", "xfs", "/dev/vdb", True),
        ("/mnt/with blank\ttab\\slash", "nfs4", "server:/export/a b", True),
        ("/data", "tmpfs", "none", False),
        ("/srv/Данные", "ext4", "/dev/vdc", False),
    ]


RELEASES = {
    "debian": ('ID=debian\nVERSION_ID="12"\n', "debian", "12"),
    "ubuntu": ("NAME=Ubuntu\nID=ubuntu\nID_LIKE=debian\nVERSION_ID=24.04\n", "debian", "24.04"),
    "astra": ('ID=astra\nID_LIKE="debian"\nVERSION_ID=1.8_x86-64\n', "debian", "1.8_x86-64"),
    "mint": ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "debian", ""),
    "rocky": ('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.4"\n', "rpm", "9.4"),
    "redos": ('ID="redos"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.0"\n', "rpm", "8.0"),
    "suse": ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\n', "rpm", ""),
    "alt": ('ID=altlinux\nVERSION_ID=p10\nNAME="ALT SP"\n', "alt", "p10"),
    "unknown": ("# nothing\nID=plan9\nBROKEN\nNAME='unfinished\n", "", ""),
    "empty": ("", "", ""),
}


@pytest.mark.parametrize("name", RELEASES)
def test_families_of_systems(tmp_path: Path, name: str) -> None:
    text, family, version = RELEASES[name]
    (tmp_path / "os-release").write_text(text, encoding="utf-8")
    found = system.system(tmp_path / "os-release")
    assert (found.value.family, found.value.version, found.stable) == (family, version, True)


def test_a_system_without_a_name(tmp_path: Path) -> None:
    assert system.system(tmp_path / "missing").value.family == ""


def test_who_starts_services(tmp_path: Path) -> None:
    assert init.init_system(tmp_path / "missing").value == "none"
    assert init.init_system(tmp_path).value == "systemd"


@pytest.mark.parametrize(
    ("code", "pattern", "version"),
    [
        ("print('openjdk 17.0.9 2023-10-17')", r"openjdk (\S+)", "17.0.9"),
        ("import sys; print('nginx version: nginx/1.22.1', file=sys.stderr)", r"nginx/([\d.]+)", "1.22.1"),
        ("print('tool 3.1')", r"\d\.\d", "3.1"),
        ("print('something else')", r"(\d+)", None),
        ("import sys; print('v2'); sys.exit(1)", r"v(\d)", "2"),
    ],
)
def test_versions_of_software(code: str, pattern: str, version: str | None) -> None:
    assert software.version("tool", [sys.executable, "-c", code], pattern).value == version


def test_software_that_is_not_there() -> None:
    fact = software.version("tool", ["no-such-tool", "--version"], r".*")
    assert (fact.name, fact.value, fact.stable) == ("software.tool", None, True)


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_port_and_who_listens_on_it(family: socket.AddressFamily, address: str) -> None:
    with socket.socket(family) as server:
        server.bind((address, 0))
        port = server.getsockname()[1]
        assert ports.listeners(port).value == ()
        server.listen()
        found = ports.listeners(port).value
        assert [(one.address, one.port, one.pid) for one in found] == [(address, port, os.getpid())]
        assert "python" in found[0].program
    assert ports.listeners(port).value == ()


def held(path: Path) -> dict[int, str]:
    return {holder.pid: holder.how for holder in holders.holders(path).value}


def test_who_has_a_path_in_use(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "folder2").mkdir()
    assert held(folder) == {}
    with (folder / "file").open("wb"):
        assert held(folder) == {os.getpid(): "open"}
        assert held(tmp_path / "folder2") == {}  # a name that only begins alike
        (folder / "file").unlink()
        assert held(folder) == {os.getpid(): "open"}  # its room is not free yet


def test_who_has_it_mapped_or_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(mmap.PAGESIZE))
    descriptor = os.open(tmp_path / "file", os.O_RDWR)
    with mmap.mmap(descriptor, 0, flags=mmap.MAP_SHARED):
        os.close(descriptor)
        assert os.getpid() in held(tmp_path)
    with subprocess.Popen(["/bin/sleep", "60"], cwd=tmp_path) as child:
        assert held(tmp_path) == {child.pid: "folder"}
        child.kill()


def test_facts_can_be_stored(tmp_path: Path) -> None:
    fact = disk.room(tmp_path)
    assert msgspec.json.decode(msgspec.json.encode(fact), type=Fact[disk.Room]) == fact
