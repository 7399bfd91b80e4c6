"""What is promised of sites, in every layout: the cases that `smena doctor --self-test` tries too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from smena.selftest.case import Case
from smena.selftest.site_worlds import LAYOUTS, SiteWorld
from smena.selftest.sites import SUITE
from support.nginx_host import need_nginx


@pytest.fixture(params=LAYOUTS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SiteWorld]:
    need_nginx()
    made = SiteWorld(tmp_path, request.param)
    yield made
    made.end()


@pytest.mark.parametrize("case", SUITE.cases, ids=lambda case: case.name)
def test_the_contract_of_sites(case: Case, site: SiteWorld) -> None:
    case.trial(site)
