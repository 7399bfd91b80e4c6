"""Windows paths on a host whose drives are folders: there and back again, found whatever their case."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.host import drives, target
from smena.host.facts.init import init_system
from smena.host.facts.system import system
from smena.host.paths import decode, encode


@pytest.fixture
def prefix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folders of a Wine prefix: `C:`, the whole host as `Z:`, and a second disk."""
    place = tmp_path / "prefix"
    (place / "drive_c" / "Program Files" / "Loginom").mkdir(parents=True)
    (place / "dosdevices").mkdir()
    (tmp_path / "disk").mkdir()
    for letter, target_ in {"c:": "../drive_c", "z:": "/", "d:": str(tmp_path / "disk"), "com1": "/dev/null"}.items():
        (place / "dosdevices" / letter).symlink_to(target_)
    monkeypatch.setenv(drives.VARIABLE, str(place))
    drives.forget()
    yield place
    drives.forget()


def test_a_windows_path_is_a_folder_of_the_drive(prefix: Path) -> None:
    place = prefix / "drive_c/Program Files/Loginom/Server"
    assert decode(r"C:\Program Files\Loginom\Server") == str(place)
    assert encode(place) == r"C:\Program Files\Loginom\Server"


@pytest.mark.parametrize(
    ("written", "inside"),
    [
        (r"c:\program files\LOGINOM", "Program Files/Loginom"),
        ("C:/Program Files/Loginom/", "Program Files/Loginom"),
        (r"C:\Program Files/Loginom/**/*.log", "Program Files/Loginom/**/*.log"),
        (r"C:\Nowhere\NoName", "Nowhere/NoName"),
        (r"C:\Program Files\.\Nowhere\..\Loginom", "Program Files/Loginom"),
        ("C:\\", ""),
        (r"C:\Данные\Логи", "Данные/Логи"),
    ],
)
def test_ways_to_write_it(prefix: Path, written: str, inside: str) -> None:
    assert decode(written) == str(prefix / "drive_c" / inside)


def test_other_drives(prefix: Path, tmp_path: Path) -> None:
    assert decode(r"D:\Data") == str(tmp_path / "disk/Data")
    assert encode(tmp_path / "disk/Data") == r"D:\Data"
    assert decode(r"Z:\etc\hosts") == "/etc/hosts"
    assert decode(r"X:\nothing") == str(prefix / "dosdevices/x:/nothing")


def test_what_lies_on_no_drive_keeps_its_name(prefix: Path, tmp_path: Path) -> None:
    assert encode(tmp_path / "home") == str(tmp_path / "home")
    assert decode(str(tmp_path / "home")) == str(tmp_path / "home")
    assert encode("staged/1") == "staged/1"


def test_a_name_that_windows_could_not_have_is_left_alone(prefix: Path) -> None:
    odd = prefix / "drive_c" / "a\\b:c"
    assert encode(odd) == str(odd)


def test_a_prefix_spelled_through_a_link(prefix: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "link").symlink_to(prefix)
    monkeypatch.setenv(drives.VARIABLE, str(tmp_path / "link"))
    drives.forget()
    assert encode(tmp_path / "link/drive_c/x") == r"C:\x"
    assert encode(prefix / "drive_c/x") == r"C:\x"


def test_how_a_program_is_told_a_path(prefix: Path, tmp_path: Path) -> None:
    assert drives.for_program(str(prefix / "drive_c/x y")) == r"C:\x y"
    assert drives.for_program("/srv/LoginomTeam_7.1.0.msi") == r"Z:\srv\LoginomTeam_7.1.0.msi"
    assert drives.for_program(r"C:\x") == r"C:\x"


def test_the_platform_of_the_host(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (target.platform(), system().value.family, init_system().value) == ("windows", "windows", "windows")
    monkeypatch.delenv(drives.VARIABLE)
    assert target.platform() == "linux"
    assert decode(r"C:\x") == r"C:\x"
    assert encode(prefix / "drive_c/x") == str(prefix / "drive_c/x")


_NAMES = st.text(st.characters(blacklist_characters='/\\:"<>|?*\0', max_codepoint=0x2FFF), min_size=1, max_size=12)


@given(st.lists(_NAMES.filter(lambda name: name not in {".", ".."}), max_size=5))
def test_there_and_back_again(names: list[str]) -> None:
    """The law of the border: every path below a drive comes back as it was."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(drives.VARIABLE, "/nonexistent-prefix")
        drives.forget()
        patch.setattr(drives, "_roots", lambda place: {"c": "/nonexistent-prefix/drive_c", "z": "/"})
        path = "/".join(["/nonexistent-prefix/drive_c", *names])
        written = encode(path)
        assert written.startswith("C:\\")
        assert decode(written) == path
        drives._by_depth.cache_clear()
