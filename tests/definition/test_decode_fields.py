"""Nodes to typed objects: each scalar is what its field wants, and lines are where things were written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from smena.definition import read, steps, values
from smena.definition.checks import Confirm, Room, VersionIs
from smena.definition.condition import Condition
from smena.definition.decode import blank, decoder, fields_of
from smena.definition.load import load
from smena.definition.mistake import Wrong
from smena.definition.model import Definition, Edge, Risk
from smena.definition.scalars import Bytes, Range, Seconds, Template
from smena.definition.steps import KINDS, Stop
from smena.definition.values import Localized

made: Any = steps
reading: Any = values
"""Plain texts stand for the types of `scalars.py` here."""

WHOLE = """
schema: 1
product: demo
title: {en: Demo, ru: Демо}
demo: yes
versions: dotted
x-own: {anything: [goes, here]}
editions:
  team: {title: {en: Team, ru: Team}}
software:
  java: {title: {en: Java, ru: Java}, command: [java, -version], out-of-support: true}
releases:
  - {version: 4.20, builds: 4.20.*, software: {java: 17..}}
  - version: 5.0
    withdrawn: {en: on, ru: off}
instance:
  settings:
    port: {type: port, default: 080}
    mode: {type: choice, choices: [on, off, 1], default: on}
  linux:
    paths:
      config: /etc/demo
      data: {read: yaml, of: /etc/demo/a.yml, key: db.dir, default: /var/lib/demo}
    os-family: {debian: {owner: www-data}}
    services:
      - {name: server, start-within: 5m, stop-within: 1.5h}
room: 1.5 GB
upgrades:
  - {from: 4.20, to: 5.0, procedure: in-place, data: same}
risks:
  old:
    why: {en: old, ru: старый}
    when: {fact.age: 10.., edition: [team, '!x']}
before:
  - room:
  - confirm: {name: asked, text: {en: a, ru: б}}
after:
  - version: {is: target}
    when: {platform: linux}
procedures:
  in-place:
    - stop:
    - relink: {in: /srv, to: /opt, links: [bin]}
      title: {en: links, ru: ссылки}
      when: {from: 4.*}
    - start: {changes: [data]}
    - carry: {from: /a, to: /b, missing-ok: yes}
    - site-header: {for: 7d}
    - await-http: {url: 'http://localhost/', status: 204}
"""


@pytest.fixture(scope="module")
def whole() -> Any:
    text = WHOLE.replace("edition: [team, '!x']", "edition: [team, '!team']")
    return load(text.encode(), "demo.yaml")


def test_texts_stay_as_written(whole: Any) -> None:
    """YAML would make 4.2 of the first, a number of the second and a flag of the third."""
    assert [release.version for release in whole.releases] == ["4.20", "5.0"]
    assert whole.instance.settings["port"].default == "080"
    assert whole.instance.settings["mode"].choices == ("on", "off", "1")
    assert whole.releases[1].withdrawn == Localized("on", "off")


def test_fields_are_typed(whole: Any) -> None:
    linux = whole.instance.linux
    assert linux
    assert (whole.schema, whole.demo, whole.software["java"].out_of_support) == (1, True, True)
    assert (whole.room, linux.services[0].start_within, linux.services[0].stop_within) == (1536 * 2**20, 300.0, 5400.0)
    assert linux.paths == {
        "config": "/etc/demo",
        "data": reading.Read(read="yaml", of="/etc/demo/a.yml", key="db.dir", default="/var/lib/demo"),
    }
    assert linux.os_family == {"debian": {"owner": "www-data"}}


def test_names_that_python_reserves(whole: Any) -> None:
    edge = whole.upgrades[0]
    assert (edge.from_, edge.to, edge.data) == ("4.20", "5.0", "same")
    assert isinstance(whole.after[0].question, VersionIs)
    assert whole.after[0].question.is_ == "target"


def test_steps_and_checks_are_told_by_their_one_key(whole: Any) -> None:
    procedure = whole.procedures["in-place"]
    assert [step.kind for step in procedure] == ["stop", "relink", "start", "carry", "site-header", "await-http"]
    assert procedure[0].params == Stop()
    assert procedure[1].params == made.Relink(in_="/srv", to="/opt", links=("bin",))
    assert (procedure[1].title, procedure[1].when) == (Localized("links", "ссылки"), Condition({"from": ("4.*",)}))
    assert procedure[2].params == made.Start(changes=("data",))
    assert procedure[3].params == made.Carry(from_="/a", to="/b", missing_ok=True)
    assert procedure[4].params == made.SiteHeader(for_=Seconds(604800.0))
    assert procedure[5].params == made.AwaitHttp(url="http://localhost/", status=204)
    assert whole.before[0].question == Room()
    assert isinstance(whole.before[1].question, Confirm)


def test_conditions_are_lists_of_texts(whole: Any) -> None:
    assert whole.risks["old"].when.tests == {"fact.age": ("10..",), "edition": ("team", "!team")}
    assert whole.after[0].when.tests == {"platform": ("linux",)}


def test_lines_are_where_things_begin(whole: Any) -> None:
    lines = WHOLE.splitlines()
    assert lines[whole.upgrades[0].line - 1].startswith("  - {from: 4.20")
    assert lines[whole.risks["old"].line - 1] == "  old:"
    assert lines[whole.releases[1].line - 1] == "  - version: 5.0"
    assert [lines[step.line - 1].split(":")[0] for step in whole.procedures["in-place"]][:3] == [
        "    - stop",
        "    - relink",
        "    - start",
    ]
    assert lines[whole.after[0].line - 1] == "  - version: {is: target}"


@pytest.mark.parametrize("cls", [Definition, Edge, Risk, *KINDS.values()])
def test_every_class_has_a_decoder_and_a_blank(cls: Any) -> None:
    assert decoder(cls) is decoder(cls)
    assert isinstance(blank(cls), cls)
    assert "line" not in {field.name for field in fields_of(cls)}


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (bool, "yes", True),
        (bool, "true", True),
        (bool, "no", False),
        (bool, "false", False),
        (int, "-3", -3),
        (Seconds, "30s", 30.0),
        (Seconds, "0.5 s", 0.5),
        (Seconds, "1d", 86400.0),
        (Bytes, "500 KB", 512000),
        (Bytes, "16MB", 16 * 2**20),
        (Range, "4.7.* | 5.0", "4.7.* | 5.0"),
        (Template, "", ""),
    ],
)
def test_single_values(kind: Any, written: str, value: object) -> None:
    assert read.READERS[kind](written) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (bool, "on"),
        (bool, "Yes"),
        (bool, "1"),
        (int, "1.0"),
        (int, "9" * 16),
        (int, "٣"),
        (Seconds, "30"),
        (Seconds, "-1s"),
        (Seconds, "1 w"),
        (Seconds, "1e9s"),
        (Bytes, "16 mb"),
        (Bytes, "MB"),
        (Range, "1|" * 300),
        (Range, " "),
    ],
)
def test_single_values_that_are_none(kind: Any, written: str) -> None:
    with pytest.raises(Wrong):
        read.READERS[kind](written)


def test_every_reader_takes_any_text() -> None:
    """A reader says `Wrong` or returns a value: nothing else may come out of it."""
    for reader in read.READERS.values():
        for written in ["", " ", "\0", "²", "٣", "9" * 5000, "a" * 5000, "::::", "${", "utf\n8", "undefined", "-" * 99]:
            with suppress(Wrong):
                reader(written)
