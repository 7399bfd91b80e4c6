"""What every way of running services keeps to: the cases that `smena doctor --self-test` tries too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smena.selftest.case import Case
from smena.selftest.services import SUITE

if TYPE_CHECKING:
    from drivers.conftest import World


@pytest.mark.parametrize("case", SUITE.cases, ids=lambda case: case.name)
def test_the_contract_of_services(case: Case, world: World) -> None:
    case.trial(world)
