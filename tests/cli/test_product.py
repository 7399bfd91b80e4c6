"""`smena product`: lists, shows, checks."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Smena = Callable[..., subprocess.CompletedProcess[str]]

GOOD = """\
schema: 1
product: tea-server
title: {en: Tea, ru: Чай}
releases:
  - {version: '1.0'}
  - {version: '2.0'}
instance:
  linux:
    paths: {data: /srv/tea}
upgrades:
  - {from: '1.0', to: '2.0', procedure: pour}
procedures:
  pour: [{stop: {}}, {start: {changes: [data]}}]
"""


def written(folder: Path, words: str | bytes, name: str = "tea.yaml") -> str:
    file = folder / name
    file.write_bytes(words if isinstance(words, bytes) else words.encode())
    return str(file)


def test_list(smena: Smena) -> None:
    done = smena("product", "list")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["PRODUCT", "TITLE"]
    assert [line.split()[0] for line in lines[1:]] == ["comindware-platform", "loginom-desktop", "loginom-server"]
    assert all(line == line.rstrip() for line in lines)


def test_list_for_programs_and_in_russian(smena: Smena) -> None:
    listed = json.loads(smena("product", "list", "--json", "--lang", "ru").stdout)["products"]
    assert {one["product"]: one["title"] for one in listed}["loginom-server"] == "Loginom (серверные редакции)"
    assert set(listed[0]) == {"product", "title", "about", "demo", "file", "broken"}


def test_a_definition_in_the_home(smena: Smena, environment: dict[str, str]) -> None:
    folder = Path(environment["SMENA_HOME"]) / "products"
    folder.mkdir(parents=True)
    written(folder, GOOD)
    written(folder, "[", "strange.yaml")
    done = smena("product", "list")
    assert done.returncode == 0
    assert "tea-server" in done.stdout
    assert "strange.yaml is no definition" in done.stderr
    assert smena("product", "list", "--quiet").stderr == ""
    assert json.loads(smena("path", "tea-server", "1", "2", "--json").stdout)["to"] == "2.0"


def test_show(smena: Smena) -> None:
    done = smena("product", "show", "loginom-server")
    assert done.returncode == 0
    for words in ("6.5.1", "7.1.0", "recommended", "enterprise", "Loginom Integrator", "support@loginom.ru", "windows"):
        assert words in done.stdout
    shown = json.loads(smena("product", "show", "loginom-server", "--json").stdout)
    assert shown["editions"] == {"team": "Team", "standard": "Standard", "enterprise": "Enterprise"}
    assert "7.1.0" in [release["version"] for release in shown["releases"]]


def test_a_product_may_be_a_file(smena: Smena, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    shown = json.loads(smena("product", "show", file, "--json").stdout)
    assert (shown["product"], shown["platforms"]) == ("tea-server", ["linux"])
    assert smena("path", file, "1", "2").returncode == 0


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("loginom-servr", "did you mean loginom-server?"),
        ("zzz", "see: smena product list"),
        ("x" * 5000, "see: smena product list"),
    ],
)
def test_an_unknown_product(smena: Smena, name: str, hint: str) -> None:
    done = smena("product", "show", name, "--json")
    assert done.returncode == 3
    error = json.loads(done.stdout)["error"]
    assert (error["code"], error["hint"]) == ("product-unknown", hint)
    assert "loginom-desktop" in error["why"][0]
    assert len(error["message"]) < 200


def test_check_of_good_ones(smena: Smena, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    done = smena("product", "check", file)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no mistakes" in done.stdout
    [checked] = json.loads(smena("product", "check", file, "--json").stdout)["files"]
    assert (checked["file"], checked["product"]) == (file, "tea-server")


def test_check_reports_every_mistake_of_every_file_at_once(smena: Smena, tmp_path: Path) -> None:
    first = written(tmp_path, GOOD.replace("procedure: pour", "procedur: pour").replace("stop: {}", "halt: {}"))
    second = written(tmp_path, GOOD.replace("version: '2.0'", "verison: '2.0'"), "other.yaml")
    done = smena("product", "check", first, second)
    assert (done.returncode, done.stdout) == (3, "")
    for words in (f"{first}:11", "procedure", f"{first}:13", "halt", f"{second}:6", "version"):
        assert words in done.stderr
    error = json.loads(smena("product", "check", first, second, "--json").stdout)["error"]
    assert error["code"] == "definition-bad"
    assert len(error["why"]) >= 3


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"\x00\x01\x02",
        "Ж".encode("cp1251"),
        b"- " * 100_000,
        b"[" * 100_000,
        b"a: &x 1\nb: *x\n",
        b"x" * 5_000_000,
    ],
    ids=["empty", "binary", "not-utf8", "deep", "deeper", "alias", "large"],
)
def test_bad_content_is_refused_in_words(smena: Smena, tmp_path: Path, words: bytes) -> None:
    file = written(tmp_path, words)
    for arguments in (["product", "check", file], ["product", "show", file], ["path", file, "1", "2"]):
        done = smena(*arguments)
        assert done.returncode == 3
        assert "Error:" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_file_of_100_mb_is_refused_at_once(smena: Smena, tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    with file.open("wb") as large:
        large.truncate(100 * 1024 * 1024)
    assert smena("product", "check", str(file)).returncode == 3


def test_a_missing_file_is_wrong_usage(smena: Smena, tmp_path: Path) -> None:
    done = smena("product", "check", str(tmp_path / "no.yaml"), "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "file-missing")
    done = smena("product", "check", str(tmp_path), "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "file-missing")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(smena: Smena, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    Path(file).chmod(0)
    done = smena("product", "check", file, "--json")
    assert json.loads(done.stdout)["error"]["code"] == "access-denied"


def test_a_name_that_is_no_text(smena: Smena, tmp_path: Path) -> None:
    strange = os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff.yaml")
    assert smena("product", "check", strange).returncode == 2
    Path(strange).write_text(GOOD, encoding="utf-8")
    done = smena("product", "check", strange)
    assert done.returncode == 0
    assert "␛dcff.yaml" in done.stdout
    assert json.loads(smena("product", "check", strange, "--json").stdout)["files"][0]["file"].endswith("␛dcff.yaml")
