"""Keys of a real registry (Wine's): read, kept, and put back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from smena.checks.before import restart
from smena.checks.context import Scene
from smena.drivers import msi, registry
from smena.host import programs

pytestmark = pytest.mark.usefixtures("shared_prefix")


def _add(key: str, name: str, value: str, kind: str = "REG_SZ") -> None:
    programs.run(["reg", "add", key, "/v", name, "/t", kind, "/d", value, "/f"], good=[0])


def test_values_of_every_kind() -> None:
    key = r"HKLM\Software\Smena\Values"
    _add(key, "Путь", r"C:\Данные №1")
    _add(key, "Start", "3", "REG_DWORD")
    _add(key, "Image", r"%SystemRoot%\x y", "REG_EXPAND_SZ")
    assert registry.values(key) == {"путь": r"C:\Данные №1", "start": 3, "image": r"%SystemRoot%\x y"}
    assert registry.value(key, "START") == 3
    assert registry.value(key, "none") is None


def test_a_key_that_is_not_there(tmp_path: Path) -> None:
    assert registry.values(r"HKLM\Software\Smena\Nowhere") is None
    assert registry.keep(r"HKLM\Software\Smena\Nowhere", tmp_path / "kept.reg") is False
    assert list(tmp_path.iterdir()) == []


def test_a_kept_key_comes_back_as_it_was(tmp_path: Path) -> None:
    key, kept = r"HKLM\Software\Smena\Kept", tmp_path / "kept.reg"
    _add(key, "ImagePath", r'"C:\Program Files\Loginom 6\x.exe" -s')
    _add(rf"{key}\Parameters", "Port", "4580", "REG_DWORD")
    assert registry.keep(key, kept)
    before = registry.values(key)
    _add(key, "ImagePath", "other")
    _add(key, "Added", "1")
    _add(rf"{key}\New\Below", "x", "1")
    programs.run(["reg", "delete", rf"{key}\Parameters", "/f"], good=[0])
    registry.put_back(key, kept)
    assert registry.values(key) == before
    assert registry.values(rf"{key}\Parameters") == {"port": 4580}
    assert registry.values(rf"{key}\New") is None
    registry.put_back(key, kept)  # once more changes nothing
    assert registry.values(key) == before


def test_what_windows_lists_as_installed() -> None:
    key = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Loginom Personal_is1"
    _add(key, "DisplayName", "Loginom Personal 6.5 (русский)")
    _add(key, "DisplayVersion", "6.5.1.12")
    assert msi.installed_version("loginom personal *") == "6.5.1.12"
    assert msi.installed_version("Loginom Community *") is None
    assert msi.products() == {}  # not one of this installer's


def test_a_key_that_came_goes(tmp_path: Path) -> None:
    key = r"HKLM\Software\Smena\Came"
    _add(key, "x", "1")
    registry.put_back(key, None)
    assert registry.values(key) is None
    registry.put_back(key, None)


def test_a_restart_that_windows_waits_for() -> None:
    """The mark that an installer's 3010 leaves: files that only a restart can exchange."""
    key, name = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager", "PendingFileRenameOperations"
    scene = cast(Scene, None)  # it looks at the host alone
    _add(key, name, "", "REG_MULTI_SZ")
    assert list(restart.ask({}, scene)) == []
    _add(key, name, r"\??\C:\x\a.dll\0\??\C:\x\b.dll", "REG_MULTI_SZ")
    (found,) = restart.ask({}, scene)
    assert (found.blocking, found.accept) == (True, "restart-pending")
    assert str(found.why) == rf"{key}\{name}"
    assert "restart" in str(found.hint)
    programs.run(["reg", "delete", key, "/v", name, "/f"], good=[0])
    assert list(restart.ask({}, scene)) == []
    mark = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"
    _add(mark, "x", "1")
    assert [str(one.why) for one in restart.ask({}, scene)] == [mark]
    programs.run(["reg", "delete", mark, "/f"], good=[0])
