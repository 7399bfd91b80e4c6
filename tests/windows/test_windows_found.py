"""Discovery below Wine: services are found in its real registry."""

from __future__ import annotations

from pathlib import Path

from smena.definition.model import Discovery
from smena.definition.scalars import Glob, Template
from smena.host import programs
from smena.instances import windows_traces

KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\"


def test_services_are_found_by_their_keys(shared_prefix: Path) -> None:
    assert shared_prefix.is_dir()
    programs.run(["reg", "add", KEY + "Loginom_7", "/v", "Type", "/t", "REG_DWORD", "/d", "16", "/f"], good=(0,))
    found = windows_traces.services(Discovery(services=(Glob("loginom_{name}"),)))
    assert found == {"7": [KEY + "Loginom_7"]}
    programs.run(["reg", "delete", KEY + "Loginom_7", "/f"], good=(0,))
    assert windows_traces.services(Discovery(services=(Glob("loginom_{name}"),))) == {}


def test_keys_are_found_by_their_last_part(shared_prefix: Path) -> None:
    assert shared_prefix.is_dir()
    for name in ("One", "One\\Below", "Two"):
        programs.run(["reg", "add", "HKLM\\Software\\Vendor X\\Instances\\" + name, "/f"], good=(0,))
    above = "HKLM\\SOFTWARE\\Vendor X\\Instances"
    found = windows_traces.keys(Discovery(registry=(Template(above + "\\{name}"),)))
    assert found == {"One": [above + "\\One"], "Two": [above + "\\Two"]}
    assert windows_traces.keys(Discovery(registry=(Template("HKLM\\SOFTWARE\\Nobody\\{name}"),))) == {}
