"""The answers that the built-in definitions must give to "how do I get there"."""

from __future__ import annotations

from itertools import pairwise

import pytest

from smena.definition.graph import Graph
from smena.definition.hop import Path
from smena.definition.path import find
from smena.definition.when import World
from smena.errors import EditionUnknown, NoPath
from smena.text import speaking
from support.builtin import builtin

CHAIN = ["3.5.1058", "3.5.1076", "3.5.1100", "4.2"]


def path(product: str, start: str, goal: str, edition: str | None = None) -> Path:
    return find(Graph(builtin(product)), start, goal, World(edition=edition))


def stops(product: str, start: str, goal: str, edition: str | None = None) -> list[str]:
    return [hop.to for hop in path(product, start, goal, edition).hops]


def refusal(product: str, start: str, goal: str, language: str = "en") -> str:
    with pytest.raises(NoPath) as caught, speaking(language):
        path(product, start, goal)
    with speaking(language):
        return " ".join(map(str, (caught.value.message, *caught.value.why, caught.value.hint)))


def test_3_5_to_4_7_goes_over_4_2_and_never_directly() -> None:
    found = stops("comindware-platform", "3.5", "4.7")
    assert found == [*CHAIN, "4.7"]


def test_3_5_to_5_0_walks_the_whole_chain() -> None:
    found = stops("comindware-platform", "3.5", "5.0")
    assert found[:4] == CHAIN
    assert found[4:] in (["4.7.2", "5.0"], ["4.7.3", "5.0"])


@pytest.mark.parametrize("start", ["3.5", "3.5.1058", "3.5.1076", "3.5.1100", "3.5.1001.0"])
@pytest.mark.parametrize("goal", ["4.7", "4.7.2", "4.7.3", "5.0", "5.0.13334.0"])
def test_no_3_is_ever_followed_by_4_7_or_5(start: str, goal: str) -> None:
    versions = [start, *stops("comindware-platform", start, goal)]
    assert not [hop for hop in pairwise(versions) if hop[0].startswith("3.") and not hop[1].startswith(("3.", "4.2"))]


def test_4_7_itself_needs_4_7_2_or_later_before_5_0() -> None:
    found = path("comindware-platform", "4.7", "5.0").hops
    assert [hop.to for hop in found][-1] == "5.0"
    assert found[0].to in ("4.7.2", "4.7.3")
    assert [risk.name for risk in found[0].risks] == ["step-not-described"]


def test_4_2_to_5_0_has_no_edge_and_is_not_forbidden() -> None:
    assert len(stops("comindware-platform", "4.2", "5.0")) == 2
    definition = builtin("comindware-platform")
    assert [block.from_ for block in definition.blocked] == ["3.*"]


def test_4_7_2_to_4_7_3_converts_data() -> None:
    (hop,) = path("comindware-platform", "4.7.2", "4.7.3").hops
    assert hop.edge.data == "converted"
    assert hop.procedure == "change-version-and-caches"


def test_a_build_goes_to_a_newer_build() -> None:
    assert stops("comindware-platform", "5.0.13286.0", "5.0.13334.0") == ["5.0.13334.0"]
    assert stops("comindware-platform", "4.7.2", "5.0.13334.0") == ["5.0.13334.0"]


def test_who_runs_a_build_of_5_0_has_5_0() -> None:
    assert stops("comindware-platform", "5.0.13334.0", "5.0") == []


@pytest.mark.parametrize(
    ("product", "start", "goal"),
    [("comindware-platform", "4.7", "3.5"), ("loginom-server", "7.1.0", "6.5.1"), ("loginom-desktop", "7.0", "6.0")],
)
def test_nothing_goes_down(product: str, start: str, goal: str) -> None:
    assert goal in refusal(product, start, goal)


def test_the_hop_to_5_0_names_its_software_and_risks() -> None:
    (hop,) = path("comindware-platform", "4.7.2", "5.0").hops
    assert {need.name for need in hop.software} >= {"openjdk", "dotnet"}
    assert [risk.name for risk in hop.risks] == ["adjust-applications", "new-structure", "outside-services"]
    assert hop.downtime == "hours"


@pytest.mark.parametrize("edition", ["team", "standard", "enterprise"])
def test_loginom_6_to_7_needs_a_licence_and_the_runtime(edition: str) -> None:
    (hop,) = path("loginom-server", "6.5.1", "7.1.0", edition).hops
    assert hop.edge.licence
    needs = {need.name: need for need in hop.software}
    assert str(needs["aspnet-core-runtime"].title).startswith("ASP.NET Core Runtime 6.0")
    assert needs["aspnet-core-runtime"].out_of_support
    assert next(risk.name for risk in hop.risks) == "new-licence-keys"
    json = hop.as_json()
    assert json["licence"] is True
    assert "ASP.NET Core Runtime 6.0" in str(json["software"])


@pytest.mark.parametrize(("start", "goal"), [("6.0", "6.5.1"), ("7.0", "7.1.0"), ("6.4.2", "6.5.1")])
def test_inside_a_major_version_no_new_licence(start: str, goal: str) -> None:
    (hop,) = path("loginom-server", start, goal, "team").hops
    assert hop.procedure == "update-in-place"
    assert not hop.edge.licence


@pytest.mark.parametrize("edition", ["community", "personal"])
def test_loginom_desktop_is_installed_over(edition: str) -> None:
    (hop,) = path("loginom-desktop", "6.5.1", "7.1.0", edition).hops
    assert hop.procedure == "install-over"
    assert hop.edge.licence


def test_an_edition_of_the_other_product_is_refused() -> None:
    with pytest.raises(EditionUnknown):
        path("loginom-server", "6.5.1", "7.1.0", "personal")


def test_reasons_come_in_russian_too() -> None:
    (hop,) = path("loginom-server", "6.5.1", "7.1.0", "team").hops
    with speaking("ru"):
        assert "требуются новые лицензионные ключи" in str(hop.risks[0].why)
