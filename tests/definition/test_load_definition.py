"""A whole definition at once: all mistakes in one go, heads without the rest, quick enough."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from smena.definition.head import head
from smena.definition.load import examine, load
from smena.definition.mistake import LIMIT
from smena.errors import BadContent, BadDefinition
from smena.text import speaking

CASES = Path(__file__).parent / "cases"

TWELVE = [
    "5:1: upgrade: unknown field upgrade; right: upgrades",
    "9:33: instance.settings.port.default: “many” is not a port; right: 1–65535",
    "13:15: instance.linux.paths.config: nothing is called nmae here; right: name",
    "14:13: instance.linux.paths.data: goes in a circle: paths.data → paths.data",
    "17:17: components.tool.title.ru: a translation is missing: ru; right: ru: …",
    "20:30: releases[1].builds: “5.*.1” is no version: numbers and dots are expected, such as 4.7.2",
    "22:81: blocked[0].when.platform: linus is not possible here; right: linux",
    "25:25: procedures.go[0].stop.services[0]: there is no service sever; right: server",
    "26:7: procedures.go[1].strat: unknown kind strat; right: start",
    "29:28: procedures.go[2].run-vendor.command[1]: the secret settings.password would stand on a command line; "
    "right: put it into a file or an environment variable",
    "30:55: procedures.go[3].await-log.last-line: not a regular expression: "
    "missing ), unterminated subpattern at position 5",
    "33:3: risks.old: old stands here twice; the first is in line 32",
]


def test_twelve_mistakes_in_one_go() -> None:
    found = examine((CASES / "twelve.yaml").read_bytes(), "twelve.yaml")
    assert found.definition is None
    assert [str(mistake.sentence()) for mistake in found.mistakes] == [f"twelve.yaml:{says}" for says in TWELVE]


def test_loading_refuses_with_every_mistake() -> None:
    with pytest.raises(BadDefinition) as caught:
        load((CASES / "twelve.yaml").read_bytes(), "twelve.yaml")
    error = caught.value
    assert (error.exit, error.code) == (3, "definition-bad")
    assert [str(why) for why in error.why] == [f"twelve.yaml:{says}" for says in TWELVE]


@pytest.mark.parametrize(
    "data", [b"", b"\0\1\2", "ключ: я".encode("cp1251"), b"[" * 100_000, b"- a\n" * 2**21, b"a: &x [*x]"]
)
def test_bad_content_is_refused(data: bytes) -> None:
    with pytest.raises(BadContent) as caught:
        load(data, "bad.yaml")
    assert caught.value.exit == 3
    assert caught.value.why


@pytest.mark.slow
def test_more_mistakes_than_anybody_reads() -> None:
    """Nobody waits for the nearest name of each of a million typos."""
    text = b"schema: 1\n" + b"".join(b"field%d: 1\n" % number for number in range(200_000))
    begin = time.process_time()
    found = examine(text, "many.yaml")
    assert time.process_time() - begin < 10
    assert len(found.mistakes) == LIMIT + 1
    assert str(found.mistakes[-1].text) == "there are more than 500 mistakes; the rest is not looked at"


@pytest.mark.slow
def test_twenty_thousand_names_do_not_make_it_slow() -> None:
    """References are looked up, not searched; and the nearest name is looked for among a few."""
    risks = "".join(f"  risk-{number}: {{why: {{en: a, ru: б}}}}\n" for number in range(20_000))
    edges = "".join("  - {from: '1', to: '2', procedure: go, risks: [rsik]}\n" for number in range(300))
    text = (
        f"schema: 1\nproduct: demo\ntitle: {{en: a, ru: б}}\nprocedures: {{go: []}}\nrisks:\n{risks}upgrades:\n{edges}"
    )
    begin = time.process_time()
    found = examine(text.encode(), "many.yaml")
    assert time.process_time() - begin < 10
    assert len(found.mistakes) == 300


def test_mistakes_are_for_people_of_both_languages() -> None:
    """Until the last moment a mistake is template and values: here only that showing it never fails."""
    for mistake in examine((CASES / "twelve.yaml").read_bytes(), "twelve.yaml").mistakes:
        with speaking("ru"):
            assert "twelve.yaml" in str(mistake.sentence())


def test_a_sentence_stays_short_whatever_is_in_the_file() -> None:
    for text in (
        "a" * 10**6 + ": 1",
        f"versions: {'a' * 10**6}",
        f"x: [*{'a' * 10**6}]",
        "[" * 100,
        f"a: {{{'b' * 10**6}: &c d}}",
    ):
        for mistake in examine(text.encode(), "f").mistakes:
            assert len(str(mistake.sentence())) < 500


# --- heads -------------------------------------------------------------------------------


def test_a_head_is_read_without_the_rest() -> None:
    text = "schema: 1\nproduct: demo\ntitle: {en: Demo, ru: Демо}\nabout: {en: words, ru: слова}\ndemo: yes\nrest: ["
    found = head(text.encode(), "demo.yaml")
    assert found is not None
    assert found._asdict() == {
        "product": "demo",
        "title": {"en": "Demo", "ru": "Демо"},
        "about": {"en": "words", "ru": "слова"},
        "demo": True,
        "file": "demo.yaml",
        "broken": False,
    }


def test_a_head_is_found_wherever_it_stands() -> None:
    found = head("room: 1 MB\ntitle: {ru: Демо}\nx-y: {product: no}\nproduct: demo\n".encode())
    assert found is not None
    assert (found.product, found.title, found.about) == ("demo", {"en": "Демо", "ru": "Демо"}, {"en": "", "ru": ""})


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"product: [a]", b"[product]", b"product: ''", b"product:", b"a: [", b"\xff", b"- &a b\n" * 1000],
)
def test_what_has_no_head(data: bytes) -> None:
    assert head(data) is None


def test_a_head_of_a_large_file_is_there_at_once() -> None:
    risks = "".join(f"  risk-{number}: {{why: {{en: a, ru: б}}}}\n" for number in range(50_000))
    data = f"schema: 1\nproduct: demo\ntitle: {{en: a, ru: б}}\nrisks:\n{risks}".encode()
    begin = time.process_time()
    assert head(data)
    assert time.process_time() - begin < 0.5, "reading all of it takes seconds"
