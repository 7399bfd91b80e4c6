"""Instances on a Windows host: by their files in both spellings, by services, by sites and pools of IIS."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from smena.host import drives, programs
from smena.host.process import Outcome
from smena.instances.discover import discover
from smena.instances.finding import named
from support.builtin import builtin
from support.windows import comindware
from support.windows.iis.world import IisWorld, empty_prefix

SERVICES = "HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IisWorld]:
    """A drive C: with IIS; what other programs of Windows say is written here."""
    prefix = empty_prefix(tmp_path)
    monkeypatch.setenv(drives.VARIABLE, str(prefix))
    made = IisWorld(tmp_path, prefix)
    services = ["httpd_loginom", "Loginom", "LoginomHelper"]

    def run(args: Sequence[str], *, limit: float = 60.0, **_more: object) -> Outcome:
        if args[0].endswith("appcmd.exe"):
            return made.run(args, limit=limit)
        if list(args[:2]) == ["reg", "export"]:  # no key of a product is there
            return Outcome(1, "", "", 0.0)
        listed = "\r\n".join(["", SERVICES, *(f"{SERVICES}\\{name}" for name in services), ""])
        return Outcome(
            0, listed if list(args) == ["reg", "query", SERVICES.replace(SERVICES[:18], "HKLM")] else "", "", 0.0
        )

    monkeypatch.setattr(programs, "run", run)
    yield made
    drives.forget()


def test_an_instance_is_found_with_its_version_by_its_own_file(world: IisWorld) -> None:
    drive = world.prefix / "drive_c"
    comindware.instance(drive, "main", comindware.version(drive, "4.7.3", 16))
    comindware.site(world, "main", 80)
    (found,) = discover(builtin("comindware-platform"), world.home)
    assert (found.name, found.look.version, found.addable) == ("main", "4.7.3", True)
    assert found.files == (r"C:\ProgramData\comindware\configs\instance\main.yml",)
    assert found.traces == ('SITE "Comindware main"', 'APPPOOL "Comindware main"')
    assert found.look.paths["database"] == r"C:\ProgramData\comindware\Instances\main\Database"


def test_both_spellings_of_the_folder_are_tried_and_the_odd_one_is_told(world: IisWorld) -> None:
    drive = world.prefix / "drive_c"
    old = comindware.version(drive, "4.2", 16)
    comindware.instance(drive, "lost", old, configs="ProgramData/\u0441omindware")
    (found,) = discover(builtin("comindware-platform"), world.home)
    assert found.files == ("C:\\ProgramData\\\u0441omindware\\configs\\instance\\lost.yml",)
    assert "CYRILLIC SMALL LETTER ES" in str(found.remarks[0])


def test_what_only_iis_knows_is_told_and_cannot_be_added(world: IisWorld) -> None:
    comindware.site(world, "gone", 81)
    (found,) = discover(builtin("comindware-platform"), world.home)
    assert (found.name, found.files, found.addable) == ("gone", (), False)
    assert found.traces[0] == 'SITE "Comindware gone"'


def test_a_product_without_files_of_its_own_is_found_by_its_service(world: IisWorld) -> None:
    found = discover(builtin("loginom-server"), world.home)
    assert [one.name for one in found] == ["Loginom"]
    assert found[0].files == ("HKLM\\SYSTEM\\CurrentControlSet\\Services\\Loginom",)


def test_no_right_to_ask_iis_finds_no_traces(world: IisWorld) -> None:
    comindware.site(world, "gone", 81)
    world.standin.trouble(denied=True)
    assert discover(builtin("comindware-platform"), world.home) == []


@pytest.mark.parametrize(
    ("pattern", "text", "name"),
    [
        ("loginom", "Loginom", "Loginom"),
        ("loginom", "loginom2", None),
        ("Comindware {name}", "COMINDWARE Портал", "Портал"),
        ("Comindware {name}", "Comindware", None),
        ("loginom*", "loginom_7", "loginom_7"),
    ],
)
def test_names_of_windows_fit_whatever_their_case(pattern: str, text: str, name: str | None) -> None:
    assert named(pattern, text) == name
