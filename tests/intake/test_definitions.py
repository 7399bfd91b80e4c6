"""How definitions are found: built in, in the home, in a file that somebody names."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smena.definition.parse import SIZE
from smena.errors import AccessDenied, BadContent, BadDefinition, FileMissing, ProductUnknown, SmenaError
from smena.intake.definitions import examined, find, names
from smena.intake.folder import BUILT_IN, built_in

DEMO = "schema: 1\nproduct: demo\ntitle: {en: Demo, ru: Демо}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "products").mkdir()
    return tmp_path


def put(home: Path, name: str, text: str) -> Path:
    path = home / "products" / name
    path.write_text(text, encoding="utf-8")
    return path


def test_built_in_definitions_are_found_without_a_home(tmp_path: Path) -> None:
    known = [found.product for found in names()]
    assert known == [found.product for found in names(tmp_path / "no such home")]
    assert known == [path.parent.name for path in built_in()] == sorted(known)
    assert known
    assert find(known[0]).product == known[0]


def test_a_definition_in_the_home_is_known(home: Path) -> None:
    path = put(home, "mine.yaml", DEMO)
    assert "demo" in [found.product for found in names(home)]
    assert next(found.file for found in names(home) if found.product == "demo") == str(path)
    assert find("demo", home).title.ru == "Демо"
    with pytest.raises(ProductUnknown):
        find("demo")


def test_a_definition_in_the_home_goes_before_the_built_in_one(home: Path) -> None:
    product = built_in()[0].parent.name
    put(home, "newer.yaml", DEMO.replace("product: demo", f"product: {product}"))
    assert find(product, home).title.en == "Demo"
    assert [found.title["en"] for found in names(home) if found.product == product] == ["Demo"]
    assert find(product).title.en != "Demo"


def test_two_for_one_product_are_refused(home: Path) -> None:
    files = [put(home, "a.yaml", DEMO), put(home, "b.yaml", DEMO)]
    with pytest.raises(BadDefinition) as caught:
        find("demo", home)
    assert [str(why) for why in caught.value.why] == [str(file) for file in files]


def test_a_broken_file_in_the_home_is_shown_and_hides_nothing(home: Path) -> None:
    put(home, "broken.yaml", "- nothing")
    put(home, "good.yaml", DEMO)
    (home / "products" / "folder.yaml").mkdir()
    listed = {found.product: found.broken for found in names(home)}
    assert (listed["broken"], listed["demo"]) == (True, False)
    assert "folder" not in listed
    with pytest.raises(ProductUnknown) as caught:
        find("dmeo", home)
    assert str(caught.value.hint) == "did you mean demo?"
    assert any("broken.yaml is no definition" in str(why) for why in caught.value.why)


def test_a_file_or_its_folder_can_be_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(home, "mine.yaml", DEMO)
    assert find(str(path)).product == "demo"
    (home / "vendor").mkdir()
    (home / "vendor" / "product.yaml").write_text(DEMO, encoding="utf-8")
    monkeypatch.chdir(home)
    assert find("vendor/").product == "demo"
    assert find("./vendor").product == "demo"
    assert examined("vendor/product.yaml").mistakes == []


@pytest.mark.parametrize("named", ["no/such.yaml", "./none", "a.yaml", "a\0b/", "products/mine.yaml/below"])
def test_a_missing_file_is_wrong_usage(home: Path, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "mine.yaml", DEMO)
    monkeypatch.chdir(home)
    with pytest.raises(FileMissing) as caught:
        find(named)
    assert caught.value.exit == 2


@pytest.mark.parametrize(
    "named",
    ["", "x" * 100_000, "/" + "x" * 100_000, "Demo", "demo demo", "../../etc/passwd", "ключ", "/"],
    ids=range(8),
)
def test_any_name_leads_to_an_error_with_a_status(home: Path, named: str) -> None:
    with pytest.raises(SmenaError) as caught:
        find(named, home)
    assert caught.value.exit in (1, 2, 3)


def test_mistakes_are_named_with_the_file(home: Path) -> None:
    path = put(home, "mine.yaml", DEMO + "rooom: 1 MB\n")
    with pytest.raises(BadDefinition) as caught:
        find(str(path))
    assert [str(why) for why in caught.value.why] == [f"{path}:4:1: rooom: unknown field rooom; right: room"]
    assert [str(mistake.sentence()) for mistake in examined(str(path)).mistakes] == [
        str(why) for why in caught.value.why
    ]


def test_a_huge_file_is_not_read_to_its_end(home: Path) -> None:
    path = home / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 2**30)
    begin = time.process_time()
    with pytest.raises(BadContent):
        find(str(path))
    assert time.process_time() - begin < 1
    with pytest.raises(BadContent) as caught:
        find("/dev/zero")
    assert str(caught.value.why[0]).startswith("/dev/zero:1:1:")
    assert SIZE < 2**23


def test_a_name_that_is_no_text(home: Path) -> None:
    path = home / os.fsdecode(b"na\xffme.yaml")
    path.write_text(DEMO + "rooom: 1\n", encoding="utf-8")
    with pytest.raises(BadDefinition) as caught:
        find(str(path))
    str(caught.value).encode()
    str(caught.value.why[0]).encode()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights(home: Path) -> None:
    path = put(home, "mine.yaml", DEMO)
    path.chmod(0)
    with pytest.raises(AccessDenied):
        find(str(path))


def test_a_list_of_products_needs_no_model() -> None:
    """It must be there at once: msgspec and the model are imported only to read a whole definition."""
    code = "import sys; from smena.intake.definitions import names; assert names(); print(sorted(sys.modules))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "smena.definition.head" in shown
    assert "msgspec" not in shown
    assert "smena.definition.model" not in shown


def test_built_in_folders_are_called_like_their_products() -> None:
    assert {path.parent.name for path in built_in()} == {found.product for found in names()}
    assert all(path.is_relative_to(BUILT_IN) for path in built_in())


@pytest.mark.parametrize("path", built_in(), ids=lambda path: path.parent.name)
def test_built_in_definitions_have_neither_mistakes_nor_findings_of_meaning(path: Path) -> None:
    found = examined(str(path))
    assert [str(mistake.sentence()) for mistake in found.mistakes] == []
    assert [finding for finding in found.findings if finding.severity == "mistake"] == []
