"""Look-ups: what a template is made of, what it renders to, and which names there are where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.load import load
from smena.definition.mistake import Wrong
from smena.definition.templates import LENGTH, Lookup, names_for, names_in, pieces, render

DEMO = """
schema: 1
product: demo
title: {en: Demo, ru: Демо}
components: {server: {title: {en: a, ru: б}}}
instance:
  settings: {port: {type: port}}
  linux:
    paths: {config: /etc/demo}
    os-family: {debian: {owner: a}, rpm: {owner: b, sites: c}}
    site: {server: nginx, url: 'http://x/', probe: 'http://y/'}
  windows:
    paths: {data: 'C:\\demo'}
    site-instead: [{server: iis, url: 'http://x/', probe: 'http://y/', name: Demo, when: {fact.iis: yes}}]
"""
COMMON = {"name", "product", "home", "edition", "settings.port"}
UPGRADE = {"from", "to", "package.server"}


def test_pieces_in_their_order() -> None:
    assert list(pieces("a${name}b$${name}${paths.x-1}$")) == [
        "a",
        Lookup("name"),
        "b",
        "${",
        "name}",
        Lookup("paths.x-1"),
        "$",
    ]
    assert names_in("a${name}b$${name}${paths.x-1}$") == ("name", "paths.x-1")


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("", ""),
        ("/etc/demo", "/etc/demo"),
        ("/srv/${name}/${name}", "/srv/n/n"),
        ("$name $$ $ {name} }", "$name $$ $ {name} }"),
        ("$${name}", "${name}"),
        ("$$${name}", "$${name}"),
        ("${value}", "${name}"),
    ],
)
def test_render(template: str, shown: str) -> None:
    """What is put in is not looked at again: the last case stays as it is."""
    assert render(template, {"name": "n", "value": "${name}"}) == shown


@pytest.mark.parametrize("template", ["${", "a${name", "${}", "${ name }", "${Name}", "${a.}", "${a{b}}", "${${name}}"])
def test_what_is_no_look_up(template: str) -> None:
    with pytest.raises(Wrong):
        render(template, {"name": "n"})


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(Wrong) as caught:
        render("${paths.confg}", {"paths.config": "/etc", "name": "n"})
    assert (str(caught.value.text), str(caught.value.right)) == ("nothing is called paths.confg here", "paths.config")


def test_a_text_cannot_grow_without_end() -> None:
    with pytest.raises(Wrong):
        render("${a}${a}", {"a": "x" * (LENGTH // 2 + 1)})


@given(st.text())
def test_any_text_can_be_written_so_that_it_renders_to_itself(text: str) -> None:
    assert render(text.replace("${", "$${"), {}) == text


@given(st.text(alphabet="${}ab.-"))
def test_any_text_is_a_template_or_wrong(text: str) -> None:
    try:
        names = names_in(text)
    except Wrong:
        return
    shown = render(text, dict.fromkeys(names, ""))
    assert len(shown) <= len(text)


def test_names_by_platform() -> None:
    definition = load(DEMO.encode(), "demo.yaml")
    linux = {"paths.config", "family.owner", "family.sites", "site.url", "site.probe"}
    windows = {"paths.data", "site.url", "site.probe", "site.name"}
    assert names_for(definition, "linux") == COMMON | UPGRADE | linux
    assert names_for(definition, "windows", upgrading=False) == COMMON | windows
    assert names_for(definition, None, upgrading=False) == COMMON
