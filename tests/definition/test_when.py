"""Conditions: yes, no, and what would have to be known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smena.definition.condition import Condition
from smena.definition.when import Answer, Unknown, World, holds
from support.graphs import when

HERE = World(
    edition="team",
    platform="linux",
    os_family="debian",
    components=("server", "studio"),
    settings={"port": 8080, "mode": "fast", "tls": True},
    facts={"cores": 4, "java": "17.0.2", "load": 0.5, "text-number": "12"},
    from_=("4.7.2.15", "4.7.2"),
    to=("5.0",),
)


@pytest.mark.parametrize(
    ("tests", "answer"),
    [
        ({}, True),
        ({"edition": ["team"]}, True),
        ({"edition": ["standard", "team"]}, True),
        ({"edition": ["standard"]}, False),
        ({"edition": ["!standard"]}, True),
        ({"edition": ["!team"]}, False),
        ({"edition": ["team", "!team"]}, False),
        ({"edition": ["team"], "platform": ["windows"]}, False),
        ({"os-family": ["debian", "alt"], "platform": ["linux"]}, True),
        ({"component": ["studio"]}, True),
        ({"component": ["integrator"]}, False),
        ({"component": ["!integrator"]}, True),
        ({"component": ["!studio"]}, False),
        ({"from": ["4.7.*"]}, True),
        ({"from": ["4.7.2"]}, True),
        ({"from": ["!4.7.2"]}, False),
        ({"from": ["..4.2", "4.7.2.10.."]}, True),
        ({"to": ["5.0"], "from": ["4.*"]}, True),
        ({"to": ["4.*"]}, False),
        ({"setting.port": ["8080"]}, True),
        ({"setting.port": ["1024..9000"]}, True),
        ({"setting.port": ["..1024"]}, False),
        ({"setting.port": ["8080.."]}, True),
        ({"setting.mode": ["fast"]}, True),
        ({"setting.mode": ["1..9"]}, False),
        ({"setting.tls": ["true"]}, True),
        ({"setting.tls": ["!true"]}, False),
        ({"fact.cores": ["2..8"]}, True),
        ({"fact.cores": ["!2..8"]}, False),
        ({"fact.cores": ["4.0"]}, True),
        ({"fact.load": ["0..0.5"]}, True),
        ({"fact.load": ["-1..0"]}, False),
        ({"fact.text-number": ["10..20"]}, True),
        ({"fact.java": ["17.0.2"]}, True),
        ({"fact.java": [".."]}, False),
        ({"fact.gone": ["1"]}, Unknown(("fact.gone",))),
        ({"fact.gone": ["!1"], "setting.none": ["x"]}, Unknown(("fact.gone", "setting.none"))),
        ({"fact.gone": ["1"], "edition": ["standard"]}, False),
        ({"no-such-name": ["1"]}, Unknown(("no-such-name",))),
    ],
)
def test_answers(tests: dict[str, list[str]], answer: Answer) -> None:
    assert holds(when(tests), HERE) == answer


@pytest.mark.parametrize("name", ["edition", "platform", "os-family", "component", "from", "to", "fact.x", "setting.x"])
def test_in_an_empty_world_everything_is_unknown(name: str) -> None:
    assert holds(when({name: ["1"]}), World()) == Unknown((name,))


def test_nothing_installed_is_known() -> None:
    assert holds(when({"component": ["studio"]}), World(components=())) is False
    assert holds(when({"component": ["!studio"]}), World(components=())) is True


def test_not_known_is_never_taken_for_yes_or_no() -> None:
    with pytest.raises(TypeError):
        bool(holds(when({"edition": ["team"]}), World()))


NAMES = ["edition", "platform", "os-family", "fact.a", "setting.b"]
TEXTS = st.lists(st.sampled_from(["a", "b", "!a", "!c", "1..3", "2"]), min_size=1, max_size=3)
CONDITIONS = st.dictionaries(st.sampled_from(NAMES), TEXTS, max_size=4).map(when)
VALUES = st.sampled_from([None, "a", "b", "2"])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    edition, platform, family, fact, setting = (draw(VALUES) for _each in range(5))
    facts = {} if fact is None else {"a": fact}
    settings = {} if setting is None else {"b": setting}
    return World(edition=edition, platform=platform, os_family=family, facts=facts, settings=settings)


@given(CONDITIONS, worlds())
def test_every_name_must_hold(condition: Condition, world: World) -> None:
    each: list[Answer] = [holds(Condition({name: texts}), world) for name, texts in condition.tests.items()]
    whole = holds(condition, world)
    if False in each:
        assert whole is False
    elif all(answer is True for answer in each):
        assert whole is True
    else:
        assert isinstance(whole, Unknown)
        assert len(whole.names) == sum(isinstance(answer, Unknown) for answer in each)


@given(CONDITIONS, worlds(), VALUES)
def test_learning_more_never_turns_a_known_answer(condition: Condition, world: World, value: Any) -> None:
    before = holds(condition, world)
    if world.edition is None and isinstance(before, bool):
        more = World(
            edition=value,
            platform=world.platform,
            os_family=world.os_family,
            facts=world.facts,
            settings=world.settings,
        )
        assert holds(condition, more) == before
