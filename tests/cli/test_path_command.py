"""`smena path`: the hops for people and programs, in both languages, and why not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable

import pytest

Smena = Callable[..., subprocess.CompletedProcess[str]]


def found(smena: Smena, *arguments: str) -> dict[str, object]:
    done = smena("path", *arguments, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    shown: dict[str, object] = json.loads(done.stdout)
    return shown


def stops(shown: dict[str, object]) -> list[str]:
    hops = shown["hops"]
    assert isinstance(hops, list)
    return [hop["to"] for hop in hops]


def test_never_directly_over_two_structures(smena: Smena) -> None:
    shown = found(smena, "comindware-platform", "3.5", "4.7")
    assert list(shown)[:4] == ["product", "from", "to", "hops"]
    assert "4.2" in stops(shown)
    hops = shown["hops"]
    assert isinstance(hops, list)
    for hop in hops:
        assert {"from", "to", "procedure", "risks"} <= set(hop)
        assert (hop["from"].startswith("3.5"), hop["to"].startswith("4.7")) != (True, True)


def test_for_people(smena: Smena) -> None:
    done = smena("path", "comindware-platform", "3.5", "4.7")
    assert done.returncode == 0
    assert "4.2 → 4.7" in done.stdout
    assert "hours of downtime" in done.stdout
    assert "Releases to get: 3.5.1058" in done.stdout


def test_downwards_is_refused_with_the_reason(smena: Smena) -> None:
    done = smena("path", "comindware-platform", "4.7", "3.5", "--json")
    assert done.returncode == 3
    error = json.loads(done.stdout)["error"]
    assert {"code", "message", "why", "hint"} <= set(error)
    assert error["code"] == "path-none"
    assert error["why"]
    shown = smena("path", "comindware-platform", "4.7", "3.5")
    assert (shown.returncode, shown.stdout) == (3, "")
    assert shown.stderr.startswith("Error: ")
    assert "Next: " in shown.stderr


def test_licence_and_software(smena: Smena) -> None:
    arguments = ("loginom-server", "6.5.1", "7.1.0", "--edition", "team")
    done = smena("path", *arguments)
    assert "licence keys" in done.stdout
    assert "ASP.NET Core Runtime 6.0" in done.stdout
    russian = smena("path", *arguments, "--lang", "ru").stdout
    assert "ключ" in russian
    assert "ASP.NET Core Runtime 6.0" in russian
    assert "переход" in russian.lower()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nothing", "1", "2"], "product-unknown"),
        (["loginom-server", "6.5.1", "99"], "version-unknown"),
        (["loginom-server", "6.5.1", "7", "--edition", "gold"], "edition-unknown"),
        (["comindware-platform", "\x00", "4.7"], "version-unknown"),
        (["comindware-platform", "", ""], "version-unknown"),
    ],
)
def test_what_is_not_known_is_refused(smena: Smena, arguments: list[str], code: str) -> None:
    if "\x00" in arguments[1]:
        arguments = [arguments[0], "\x01", arguments[2]]  # no argument of a process can hold a zero
    done = smena("path", *arguments, "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, code)


def test_who_is_there_has_nothing_to_do(smena: Smena) -> None:
    done = smena("path", "comindware-platform", "4.7", "4.7")
    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert stops(found(smena, "comindware-platform", "4.7", "4.7")) == []
