"""A key bound to a computer: three of five parts open it, two do not, and who changes parts is told in time."""

from __future__ import annotations

import shutil
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smena.errors import ComputerChanged, ComputerUnfit, KeyRecordBad
from smena.host import smbios
from smena.host.facts.computer import computer, named
from smena.host.native import parts as native
from smena.keys import parts
from smena.keys.codec import messages
from smena.keys.codec.messages import Op
from smena.keys.exchange import applying, asking, reading
from smena.keys.tokens import binding, software
from smena.keys.tokens.software import SoftwareKey
from support.keyworld import NOW, PARTS, SIX, Customer, Vendor

SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def five() -> binding.Bound:
    return binding.bind(SECRET, PARTS)


def changed(*names: str) -> dict[str, str]:
    return {name: "another one" if name in names else value for name, value in PARTS.items()}


@pytest.mark.parametrize("names", [names for count in range(3) for names in combinations(PARTS, count)], ids=str)
def test_two_parts_may_change(five: binding.Bound, names: tuple[str, ...]) -> None:
    found = binding.unbind(five, changed(*names))
    assert found.secret == SECRET
    assert found.changed == names
    assert (found.warning is not None) == (len(names) == 2)
    missing = {name: value for name, value in PARTS.items() if name not in names}
    assert binding.unbind(five, missing).secret == SECRET


@pytest.mark.parametrize("names", list(combinations(PARTS, 3)), ids=str)
def test_three_parts_may_not(five: binding.Bound, names: tuple[str, ...]) -> None:
    with pytest.raises(ComputerChanged) as caught:
        binding.unbind(five, changed(*names))
    assert "the disk" in str(caught.value.why[0])


def test_there_is_one_wrap_for_every_three_parts(five: binding.Bound) -> None:
    assert len(five.wraps) == 10
    few = dict(list(PARTS.items())[:3])
    assert len(binding.bind(SECRET, few).wraps) == 1
    with pytest.raises(ComputerUnfit):
        binding.bind(SECRET, dict(list(PARTS.items())[:2]))


def test_a_part_in_anothers_place_is_no_part(five: binding.Bound) -> None:
    swapped = dict(zip(PARTS, reversed(list(PARTS.values())), strict=True))
    with pytest.raises(ComputerChanged):
        binding.unbind(five, swapped)


@settings(max_examples=20)
@given(st.dictionaries(st.sampled_from(list(PARTS)), st.text(min_size=4)))
def test_the_vendor_sees_two_bytes_a_part(some: dict[str, str]) -> None:
    hints = parts.hints(some)
    assert len(hints) == 10
    assert parts.alike(hints, hints) == len(some)
    assert not any(value.encode() in hints for value in some.values())


def test_names_that_many_computers_share_are_no_names() -> None:
    read = dict.fromkeys(PARTS, "To Be Filled By O.E.M.") | {"disk": "S5GXNF0R812345 ", "network": "00:00:00:00:00:00"}
    assert named(read) == {"disk": "s5gxnf0r812345"}
    for junk in ("None", "Default string", "0000-0000", "ffffffff", "123456789", "", None, "n/a", "x"):
        assert named({"board": junk}) == {}


def test_this_computer_has_parts() -> None:
    assert set(computer().value) <= set(PARTS)
    assert computer().value == computer().value


def test_parts_are_read_where_linux_keeps_them(tmp_path: Path) -> None:
    def put(path: str, text: str) -> Path:
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        return place

    assert set(native.read(tmp_path).values()) == {None}
    put("etc/machine-id", "abc123\n")
    put("sys/class/dmi/id/board_serial", "BOARD\n")
    put("sys/class/dmi/id/product_uuid", "UUID\n")
    put("proc/self/mountinfo", "22 1 8:2 / / rw - ext4 /dev/sda2 rw\n")
    put("sys/devices/sda/serial", "SERIAL\n")
    put("sys/devices/sda/sda2/partition", "2\n")
    (tmp_path / "sys/dev/block").mkdir(parents=True)
    (tmp_path / "sys/dev/block/8:2").symlink_to(tmp_path / "sys/devices/sda/sda2")
    put("sys/class/net/lo/address", "00:00:00:00:00:00\n")
    put("sys/class/net/eth0/address", "a4:bb:6d:01:02:03\n")
    put("sys/class/net/eth0/device/x", "")
    assert native.read(tmp_path) == {
        "machine": "abc123",
        "board": "BOARD",
        "disk": "SERIAL",
        "network": "a4:bb:6d:01:02:03",
        "firmware": "UUID",
    }


def test_the_firmwares_tables_are_read() -> None:
    system = bytes([1, 27, 0, 0, 1, 2, 3, 4]) + bytes(range(16)) + bytes(3) + b"Maker\0Model\0V\0S\0\0"
    board = bytes([2, 8, 1, 0, 1, 2, 3, 4]) + b"Maker\0Model\0V\0BSN42\0\0"
    found = smbios.read(bytes([0, 4, 9, 9]) + b"\0\0" + system + board + bytes([127, 4, 0, 0, 0, 0]))
    assert found.board == "BSN42"
    assert found.system == "03020100-0504-0706-0809-0a0b0c0d0e0f"
    assert smbios.read(b"") == smbios.Names(None, None)


# --- the key itself -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, bound: Path) -> Path:
    shutil.copytree(bound, tmp_path, dirs_exist_ok=True)
    return tmp_path


def licensed(key: SoftwareKey, vendor: Vendor) -> Customer:
    """With a licence that is bound to the computer."""
    customer = Customer(vendor, key.token, key.store)
    customer.exchange(SIX)
    return customer


def test_a_licence_is_bound_to_the_computer_it_was_enrolled_on(folder: Path, vendor: Vendor) -> None:
    with software.opened(folder, vendor.trust(), parts=PARTS) as key:
        licensed(key, vendor)
        assert reading.read(key).licence.binding == parts.hints(PARTS)
        assert reading.objections(key, reading.read(key), NOW) == ()


def test_the_key_is_bound_anew_by_an_exchange(folder: Path, vendor: Vendor) -> None:
    with software.opened(folder, vendor.trust(), parts=PARTS) as key:
        desk = licensed(key, vendor).desk
    two = changed("disk", "network")
    with software.opened(folder, vendor.trust(), parts=two) as key:
        assert key.unbound.warning is not None
        assert "the disk, the network card" in str(key.unbound.warning)
        with pytest.raises(ComputerChanged):
            software.rebind(folder, key)
        question = asking.ask(key, NOW, asking.Wish(op=Op.REBIND, binding=parts.hints(key.parts)))
        assert messages.decode_question(question).binding == parts.hints(two)
        desk.confirm(applying.apply(key, desk.answer(question, SIX), NOW))
        software.rebind(folder, key)
    four = {**two, "board": "another board", "machine": "another system"}
    with software.opened(folder, vendor.trust(), parts=four) as key:
        assert reading.read(key).licence.binding == parts.hints(two)
    with pytest.raises(ComputerChanged), software.opened(folder, vendor.trust(), parts=PARTS | {"board": "third"}):
        raise AssertionError


def test_a_licence_for_another_computer_does_not_count(folder: Path, vendor: Vendor) -> None:
    """The vendor's word, also where somebody bound the file anew by himself."""
    with software.opened(folder, vendor.trust(), parts=PARTS) as key:
        licensed(key, vendor)
        secret = key.unbound.secret
    moved = {name: f"somewhere else {name}" for name in PARTS}
    kept = software._kept(folder)
    software._keep(folder, software.Kept(binding.bind(secret, moved), kept.seeds))
    with software.opened(folder, vendor.trust(), parts=moved) as key:
        objections = reading.objections(key, reading.read(key), NOW)
        assert [type(found) for found in objections] == [ComputerChanged]


def test_making_again_keeps_the_key(folder: Path, vendor: Vendor) -> None:
    with software.opened(folder, vendor.trust(), parts=PARTS) as key:
        before = key.token.identity()
    software.make(folder, PARTS)
    with software.opened(folder, vendor.trust(), parts=PARTS) as key:
        assert key.token.identity() == before


def test_a_damaged_file_is_said_to_be_one(folder: Path, vendor: Vendor) -> None:
    (folder / "bound").write_bytes(b"{")
    with pytest.raises(KeyRecordBad), software.opened(folder, vendor.trust(), parts=PARTS):
        raise AssertionError


def test_secrets_are_private(folder: Path) -> None:
    assert (folder / "bound").stat().st_mode & 0o077 == 0
